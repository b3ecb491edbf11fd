"""What staff are mailed: once a day what waits for them, once for each who waits too long, and only what they want."""

import datetime
import zoneinfo

import pytest
from django.urls import reverse
from django.utils import timezone

from meeting.models import Meeting, Role
from registration.models import (
    LateAlarm,
    Likeness,
    NoticeChoice,
    OutgoingMail,
    Registration,
    ReviewedCategory,
    Status,
    Typist,
)
from registration.notices import alarms, digest
from tests.factories import (
    CategoryFactory,
    ChildFactory,
    DelegationFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)
from tests.registration.test_races import at_once, faults

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr("registration.mail.broker.publisher.send_mail", lambda pk: None)


@pytest.fixture
def clock(monkeypatch):
    """What time it is: 07:20 in Bangkok at first."""

    def at(*moment, zone="Asia/Bangkok"):
        now = datetime.datetime(*moment, tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(datetime.UTC)
        monkeypatch.setattr(timezone, "now", lambda: now)

    at(2008, 9, 10, 7, 20)
    return at


@pytest.fixture
def meeting(clock):
    return MeetingFactory(digest_hour=7, decision_days=5)


@pytest.fixture
def delegation(meeting):
    return DelegationFactory(category=CategoryFactory(meeting=meeting))


def staff(meeting, role=Role.REVIEWER, **values):
    return StaffRoleFactory(meeting=meeting, role=role, **values).user


def came(delegation, days=1, **values):
    since = timezone.now() - days * DAY
    return RegistrationFactory(
        delegation=delegation, status_since=since, family_name="Waqanisau", email="litia@fiji.example", **values
    )


def mail_to(user, kind="digest"):
    return OutgoingMail.objects.get(to=user.email, kind=kind)


# The digest


def test_it_says_in_numbers_what_waits_and_where(meeting, delegation):
    me, other = staff(meeting), staff(meeting)
    came(delegation, assigned_to=me)
    came(delegation)
    came(delegation, 6, first_approved_at=timezone.now(), first_approved_by=other)
    asked = came(delegation, status=Status.APPROVED)
    asked.proposals.create(changes={"role": ["adviser", "head"]}, by=None)
    first, second = Registration.objects.order_by("pk")[:2]
    Likeness.objects.create(first=first, second=second, score=1)
    digest.send_digests()
    text = mail_to(me).text
    for words, where in (
        ("1 is assigned to you", "queue/?assigned=me"),
        ("2 are assigned to nobody", "queue/?assigned=nobody"),
        ("1 waits for a second approval", "queue/?word=second"),
        ("1 has waited for 5 days or more", "queue/?waiting=late"),
        ("1 change is asked for", "changes/"),
        ("1 possible duplicate", "duplicates/"),
    ):
        assert f"- {words}:\n  http" in text and f"/{meeting.slug}/{where}" in text
    assert "second approval" not in mail_to(other).text, "it waits for somebody else than the first"


def test_nobodys_name_or_address_is_in_it(meeting, delegation):
    me = staff(meeting, user__name="Suda P.")
    registration = came(delegation, 9, assigned_to=me)
    digest.send_digests()
    alarms.raise_alarms()
    for mail in OutgoingMail.objects.all():
        whole = mail.subject + mail.text + mail.html
        assert "private link" not in whole and "/queue/" in whole
        for secret in ("Waqanisau", "Litia", "litia@fiji.example", registration.delegation.name):
            assert secret not in whole
        assert "{{" not in whole and "{%" not in whole
        assert reverse("admin:desk:notices", args=[meeting.slug]) in mail.text
    assert OutgoingMail.objects.count() == 2


def test_it_is_sent_once_a_day_however_often_it_runs(meeting, delegation, clock):
    me = staff(meeting)
    came(delegation)
    assert [digest.send_digests() for _n in range(3)] == [1, 0, 0]
    clock(2008, 9, 11, 7, 5)
    assert digest.send_digests() == 1
    assert OutgoingMail.objects.filter(to=me.email).count() == 2


@pytest.mark.parametrize(
    ("zone", "hour", "is_sent"),
    [("Asia/Bangkok", 7, True), ("Asia/Bangkok", 6, False), ("Asia/Bangkok", 0, False), ("Asia/Kathmandu", 7, True)],
)
def test_its_hour_is_the_meetings_own(meeting, delegation, clock, zone, hour, is_sent):
    Meeting.objects.update(time_zone=zone)
    staff(meeting)
    came(delegation)
    clock(2008, 9, 10, hour, 20, zone=zone)
    assert digest.send_digests() == is_sent


def test_where_no_worker_ran_in_its_hour_it_comes_later_the_same_day(meeting, delegation, clock):
    staff(meeting)
    came(delegation)
    clock(2008, 9, 10, 15, 40)
    assert [digest.send_digests() for _n in range(2)] == [1, 0]
    clock(2008, 9, 11, 7, 5)
    assert digest.send_digests() == 1


def test_what_comes_after_it_waits_for_the_next_day(meeting, delegation, clock):
    """Who had nothing waiting in the morning is not told at noon."""
    staff(meeting)
    assert digest.send_digests() == 0
    came(delegation)
    clock(2008, 9, 10, 12, 0)
    assert digest.send_digests() == 0
    clock(2008, 9, 11, 7, 0)
    assert digest.send_digests() == 1


def test_a_worker_that_ends_in_the_middle_leaves_the_others_to_the_next(meeting, delegation, monkeypatch):
    for _n in range(2):
        staff(meeting)
    came(delegation)
    real = digest.waiting.for_whom
    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(digest.waiting, "for_whom", lambda user, m: real(user, m) if not told() else 1 / 0)
        digest.send_digests()
    assert (told(), digest.send_digests()) == (1, 1)


def told():
    return OutgoingMail.objects.filter(kind="digest").count()


def test_where_the_day_has_begun_already_it_is_the_next_day(meeting, delegation, clock):
    """07:20 in Bangkok is past midnight in Fiji: the same digest has another date there."""
    Meeting.objects.update(time_zone="Pacific/Fiji", digest_hour=12)
    staff(meeting)
    came(delegation)
    digest.send_digests()
    assert OutgoingMail.objects.get().key.endswith("-2008-09-10")
    clock(2008, 9, 11, 0, 30, zone="UTC")
    digest.send_digests()
    assert OutgoingMail.objects.count() == 2


def test_no_mail_where_nothing_waits(meeting, delegation):
    staff(meeting)
    came(delegation, status=Status.APPROVED)
    assert digest.send_digests() == 0 == OutgoingMail.objects.count()


def test_only_organisers_and_reviewers_who_can_sign_in_are_told(meeting, delegation):
    told = {staff(meeting, Role.ORGANISER).email, staff(meeting).email}
    for role in set(Role) - {Role.ORGANISER, Role.REVIEWER}:
        staff(meeting, role)
    staff(meeting, user__is_active=False)
    staff(meeting, user__is_staff=False)
    staff(MeetingFactory())
    UserFactory(is_superuser=True)
    came(delegation)
    digest.send_digests()
    assert set(OutgoingMail.objects.values_list("to", flat=True)) == told


def test_who_has_two_roles_gets_one(meeting, delegation):
    me = staff(meeting)
    staff(meeting, Role.ORGANISER, user=me)
    came(delegation)
    assert digest.send_digests() == 1


def test_a_reviewer_hears_of_their_categories_only(meeting, delegation):
    me = staff(meeting)
    ReviewedCategory.objects.create(staff_role=me.staff_roles.get(), category=CategoryFactory(meeting=meeting))
    came(delegation)
    assert digest.send_digests() == 0


def test_who_said_no_gets_none_and_only_of_that_meeting(meeting, delegation):
    me = staff(meeting)
    NoticeChoice.objects.create(user=me, meeting=meeting, digest=False)
    came(delegation)
    there = MeetingFactory(digest_hour=7)
    staff(there, user=me)
    came(DelegationFactory(category=CategoryFactory(meeting=there)))
    digest.send_digests()
    assert OutgoingMail.objects.get().meeting == there


def test_none_before_registration_opens_nor_after_the_meeting(meeting, delegation, clock):
    staff(meeting)
    came(delegation)
    now = timezone.now()
    Meeting.objects.update(registration_held_open=False, registration_opens_at=now + DAY)
    assert digest.send_digests() == 0
    Meeting.objects.update(registration_opens_at=now - DAY, registration_closes_at=now - DAY / 2)
    assert digest.send_digests() == 1, "closed, and somebody still waits"
    clock(2008, 9, 20, 7, 20)
    assert digest.send_digests() == 0


def test_who_waits_for_somebody_else_is_not_ours(meeting):
    staff(meeting)
    endorsed = CategoryFactory(meeting=meeting, typist=Typist.ENDORSED)
    came(DelegationFactory(category=endorsed), 9)
    ChildFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)), status=Status.SUBMITTED)
    came(DelegationFactory(category=endorsed), 9, status=Status.RETURNED)
    assert (digest.send_digests(), alarms.raise_alarms()) == (0, 0)


@pytest.mark.parametrize("language", ["ar", "es", "fr", "ru", "zh-hans"])
def test_each_reads_it_in_the_language_they_chose(meeting, delegation, language):
    staff(meeting, Role.ORGANISER, user__language=language)
    came(delegation, 9)
    digest.send_digests()
    alarms.raise_alarms()
    for mail in OutgoingMail.objects.all():
        assert mail.language == language
        assert (' dir="rtl"' in mail.html) == (language == "ar")


# Alarms


def test_who_waits_too_long_alarms_the_one_it_is_assigned_to(meeting, delegation):
    me, _colleague, organiser = staff(meeting), staff(meeting), staff(meeting, Role.ORGANISER)
    late = came(delegation, 6, assigned_to=me)
    came(delegation, 4, assigned_to=me)
    nobodys = came(delegation, 7)
    assert alarms.raise_alarms() == 2
    mine, theirs = mail_to(me, "alarm"), mail_to(organiser, "alarm")
    assert late.reference in mine.text and nobodys.reference not in mine.text
    assert nobodys.reference in theirs.text and late.reference not in theirs.text
    assert "We promise a decision within 5 days" in mine.text
    assert reverse("admin:desk:registration", args=[meeting.slug, late.reference]) in mine.text


def test_each_is_told_once_for_each_time_it_waits(meeting, delegation):
    staff(meeting, Role.ORGANISER)
    late = came(delegation, 6)
    assert [alarms.raise_alarms() for _n in range(3)] == [1, 0, 0]
    Registration.objects.filter(pk=late.pk).update(status_since=timezone.now() - 8 * DAY)
    assert alarms.raise_alarms() == 1
    assert LateAlarm.objects.count() == 2


def test_where_whoever_it_is_assigned_to_decides_no_more_the_organisers_are_told(meeting, delegation):
    organiser = staff(meeting, Role.ORGANISER)
    for gone in (staff(meeting, user__is_active=False), UserFactory()):
        came(delegation, 6, assigned_to=gone)
    alarms.raise_alarms()
    assert OutgoingMail.objects.get().to == organiser.email
    assert "2 registrations wait too long" in OutgoingMail.objects.get().subject


def test_who_wants_no_alarms_gets_none(meeting, delegation):
    me = staff(meeting, Role.ORGANISER)
    NoticeChoice.objects.create(user=me, meeting=meeting, alarms=False)
    came(delegation, 6)
    assert alarms.raise_alarms() == 0


def test_a_long_list_says_how_many_more_there_are(meeting, delegation, monkeypatch):
    monkeypatch.setattr(alarms, "LISTED", 2)
    staff(meeting, Role.ORGANISER)
    for _n in range(5):
        came(delegation, 6)
    alarms.raise_alarms()
    assert "And 3 more in the queue." in OutgoingMail.objects.get().text


@pytest.mark.parametrize("rows", [1, 3])
def test_alarms_cost_the_same_for_one_and_for_three(meeting, delegation, rows, django_assert_num_queries):
    staff(meeting, Role.ORGANISER)
    for _n in range(rows):
        came(delegation, 6)
    with django_assert_num_queries(11):
        alarms.raise_alarms()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("run", "kind"), [(digest.send_digests, "digest"), (alarms.raise_alarms, "alarm")])
def test_two_workers_at_once_tell_each_person_once(meeting, delegation, run, kind):
    staff(meeting, Role.ORGANISER)
    came(delegation, 6)
    assert faults(at_once(*[run] * 4)) == []
    assert OutgoingMail.objects.get().kind == kind


# The page


@pytest.fixture
def me(client, meeting):
    user = staff(meeting)
    client.force_login(user)
    return user


def test_each_chooses_for_themselves(client, meeting, me):
    page = reverse("admin:desk:notices", args=[meeting.slug])
    shown = client.get(page)
    assert shown.context["form"].initial == {"digest": True, "alarms": True, "language": "en"}
    assert "Your role at this meeting gets none" not in shown.content.decode()
    response = client.post(page, {"alarms": "on", "language": "fr"})
    assert (response.status_code, response.url) == (302, page)
    chosen = NoticeChoice.objects.get(user=me, meeting=meeting)
    me.refresh_from_db()
    assert (chosen.digest, chosen.alarms, me.language) == (False, True, "fr")
    assert client.get(page).context["form"].initial == {"digest": False, "alarms": True, "language": "fr"}


def test_an_empty_choice_is_a_choice(client, meeting, me):
    client.post(reverse("admin:desk:notices", args=[meeting.slug]), {})
    chosen = NoticeChoice.objects.get(user=me)
    assert (chosen.digest, chosen.alarms) == (False, False)


def test_a_role_without_notices_is_told_so(client, meeting):
    client.force_login(staff(meeting, Role.VISA))
    assert (
        "Your role at this meeting gets none"
        in client.get(reverse("admin:desk:notices", args=[meeting.slug])).content.decode()
    )
