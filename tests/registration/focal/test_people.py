"""Naming, handing over and ending: who may, what is written down, who is told."""

import datetime
import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from meeting.models import Role, User
from registration.focal import people
from registration.models import DelegationEvent, FocalPoint, MailedKey, OutgoingMail
from tests.factories import DelegationFactory, StaffRoleFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser(delegation):
    return StaffRoleFactory(meeting=delegation.meeting, role=Role.ORGANISER).user


@pytest.fixture
def alternate(delegation, litia):
    return people.name_focal_point(delegation, email="alt@mission.example", name="Alt", is_alternate=True, by=litia)


def of(user):
    return FocalPoint.objects.get(user=user, ended_at=None)


def told():
    return list(OutgoingMail.objects.order_by("pk").values_list("kind", "to"))


def page(delegation, name="focal_points", *more):
    return reverse(f"roster:{name}", args=[delegation.meeting.slug, delegation.reference, *more])


def filled(**over):
    return {"email": "tomasi@mission.example", "name": "Tomasi", "language": "fr"} | over


# Naming


def test_naming_makes_an_account_that_is_not_staff(delegation, litia):
    named = people.name_focal_point(delegation, email="Tomasi@mission.example", name="Tomasi", language="fr", by=litia)
    user = User.objects.get(email="Tomasi@mission.example")
    assert named.user == user
    assert (user.is_staff, user.is_superuser, user.has_usable_password()) == (False, False, False)
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to, mail.language, mail.focal_user) == ("focal_point_named", user.email, "fr", user)
    event = DelegationEvent.objects.get()
    assert (event.by, event.action, event.detail["name"]) == (litia, "named", "Tomasi")


def test_the_same_address_twice_is_once(delegation, litia):
    for email in ("tomasi@mission.example", "TOMASI@mission.example"):
        people.name_focal_point(delegation, email=email, name="Tomasi", by=litia)
    assert FocalPoint.objects.filter(delegation=delegation).count() == 2
    assert User.objects.filter(email__iexact="tomasi@mission.example").count() == 1
    assert told() == [("focal_point_named", "tomasi@mission.example")]


def test_naming_again_brings_up_to_date(delegation, litia):
    people.name_focal_point(delegation, email="t@m.example", name="Tomasi", by=litia)
    last = timezone.now().date() + datetime.timedelta(days=30)
    again = people.name_focal_point(
        delegation, email="t@m.example", name="T.", title="Attaché", active_to=last, by=litia
    )
    assert (again.title, again.active_to, again.user.name) == ("Attaché", last, "Tomasi")
    assert FocalPoint.objects.filter(user=again.user).count() == 1


def test_a_member_of_staff_keeps_name_and_rights(delegation, litia):
    staff = UserFactory(email="s@un.example", name="Staff")
    people.name_focal_point(delegation, email="s@un.example", name="Other", by=litia)
    staff.refresh_from_db()
    assert (staff.name, staff.is_staff) == ("Staff", True)


def test_a_closed_account_is_refused(delegation, litia):
    UserFactory(email="gone@un.example", is_active=False)
    with pytest.raises(people.Refused, match="cannot be used"):
        people.name_focal_point(delegation, email="gone@un.example", by=litia)


@pytest.mark.django_db(transaction=True)
def test_two_who_name_the_same_person_at_once_name_once(delegation, litia):
    start = threading.Barrier(3)

    def name():
        start.wait()
        people.name_focal_point(delegation, email="tomasi@mission.example", name="Tomasi", by=litia)
        connection.close()

    threads = [threading.Thread(target=name) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert FocalPoint.objects.filter(user__email="tomasi@mission.example").count() == 1
    assert len(told()) == 1


# Who may


def test_an_alternate_can_name_nobody_and_end_nobody_but_themselves(delegation, litia, alternate):
    with pytest.raises(people.Refused, match="Only the main"):
        people.name_focal_point(delegation, email="x@m.example", by=alternate.user)
    with pytest.raises(people.Refused, match="Only the main"):
        people.end(of(litia).pk, by=alternate.user)
    with pytest.raises(people.Refused, match="Only the main"):
        people.hand_over(of(litia).pk, email="x@m.example", by=alternate.user)
    with pytest.raises(people.Refused, match="Only the main"):
        people.name_focal_point(delegation, email=alternate.user.email, is_alternate=False, by=alternate.user)
    people.end(alternate.pk, by=alternate.user)
    assert of(litia)


def test_the_last_main_focal_point_cannot_leave(delegation, litia, alternate):
    with pytest.raises(people.Refused, match="Hand over"):
        people.end(of(litia).pk, by=litia)
    with pytest.raises(people.Refused, match="Hand over"):
        people.name_focal_point(delegation, email=litia.email, is_alternate=True, by=litia)
    assert not of(litia).is_alternate
    people.name_focal_point(delegation, email="t@m.example", name="Tomasi", by=litia)
    people.end(of(litia).pk, by=litia)
    assert not FocalPoint.objects.filter(user=litia, ended_at=None).exists()


def test_organisers_may_end_the_last(delegation, litia, organiser):
    people.end(of(litia).pk, by=organiser, as_organiser=True)
    assert not FocalPoint.objects.active().exists()
    assert told() == [("focal_point_ended", litia.email)]


def test_the_organiser_of_another_meeting_may_nothing(delegation, litia):
    stranger = StaffRoleFactory(role=Role.ORGANISER).user
    with pytest.raises(people.Refused):
        people.end(of(litia).pk, by=stranger, as_organiser=True)


def test_a_superuser_who_came_by_link_acts_as_focal_point_only(delegation, litia, alternate):
    root = alternate.user
    User.objects.filter(pk=root.pk).update(is_superuser=True, is_staff=True)
    with pytest.raises(people.Refused):
        people.end(of(litia).pk, by=root)


def test_a_main_focal_point_whose_time_is_over_may_nothing(delegation, litia, alternate):
    FocalPoint.objects.filter(user=litia).update(active_to=timezone.now().date() - datetime.timedelta(days=1))
    with pytest.raises(people.Refused):
        people.end(alternate.pk, by=litia)


# Ending and handing over


def test_ending_twice_is_once(delegation, litia, alternate):
    for _ in range(2):
        people.end(alternate.pk, by=litia)
    assert told().count(("focal_point_ended", alternate.user.email)) == 1


def test_ending_revokes_links_that_were_not_used(delegation, litia, alternate):
    MailedKey.objects.issue(user=alternate.user)
    people.end(alternate.pk, by=litia)
    assert MailedKey.objects.get().revoked_at


def test_somebody_with_another_delegation_keeps_their_links(delegation, litia, alternate):
    FocalPoint.objects.create(delegation=DelegationFactory(), user=alternate.user)
    MailedKey.objects.issue(user=alternate.user)
    people.end(alternate.pk, by=litia)
    assert MailedKey.objects.get().revoked_at is None


def test_handing_over_passes_the_place_on(delegation, litia):
    taking_over = people.hand_over(of(litia).pk, email="tomasi@mission.example", name="Tomasi", by=litia)
    assert not taking_over.is_alternate
    assert list(FocalPoint.objects.active()) == [taking_over]
    assert told() == [("focal_point_named", "tomasi@mission.example"), ("focal_point_ended", litia.email)]
    assert [e.detail.get("handed_to") for e in DelegationEvent.objects.all()] == [None, "Tomasi"]
    with pytest.raises(people.Refused, match=r"any more|Only the main"):
        people.hand_over(FocalPoint.objects.get(user=litia).pk, email="x@m.example", by=litia)


def test_an_alternate_may_become_the_main_one(delegation, litia, alternate):
    people.hand_over(of(litia).pk, email=alternate.user.email, by=litia)
    assert [(f.user, f.is_alternate) for f in FocalPoint.objects.active()] == [(alternate.user, False)]


def test_nobody_hands_over_to_themselves(delegation, litia):
    with pytest.raises(people.Refused, match="address of Litia"):
        people.hand_over(of(litia).pk, email=litia.email.upper(), by=litia)


# The pages


def test_a_focal_point_names_somebody(delegation, litia, signed_in):
    client = signed_in(litia)
    assert client.get(page(delegation)).status_code == 200
    response = client.post(page(delegation), filled(is_alternate="on", phone="+66 2 123 4567"), follow=True)
    assert "Tomasi is named" in response.content.decode()
    assert FocalPoint.objects.get(user__name="Tomasi").is_alternate


def test_a_bad_form_comes_back_filled(delegation, litia, signed_in):
    yesterday = timezone.now().date() - datetime.timedelta(days=1)
    response = signed_in(litia).post(
        page(delegation), filled(email="nonsense", name="…", phone="call me", active_to=yesterday.isoformat())
    )
    said = response.content.decode()
    for words in ("Write the whole address", "Write the name with letters", "with digits", "This day is past"):
        assert words in said
    assert 'value="nonsense"' in said
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("name", ["Evil\r\nBcc: x@y.example", "Evil\nSubject: hello", "Evil\u2028Bcc: x@y.example"])
def test_a_name_never_begins_a_header(delegation, litia, signed_in, name, sink):
    from registration.mail import outbox

    delegation.name = name
    delegation.save()
    signed_in(litia).post(page(delegation), filled(name=name))
    mail = OutgoingMail.objects.get()
    outbox.deliver(mail.pk)
    [message] = sink.messages
    assert message["Bcc"] is None
    assert len(message.get_all("Subject")) == 1
    assert "\n" not in User.objects.get(email=mail.to).name


def test_handing_over_leads_to_what_is_left(delegation, litia, signed_in):
    client = signed_in(litia)
    address = page(delegation, "focal_point_hand_over", of(litia).pk)
    assert client.get(address).status_code == 200
    assert client.post(address, filled()).headers["Location"] == "/delegations/"
    assert client.get(page(delegation)).status_code == 404


def test_the_last_one_is_told_to_hand_over(delegation, litia, signed_in):
    client = signed_in(litia)
    address = page(delegation, "focal_point_end", of(litia).pk)
    assert client.get(address).status_code == 200
    assert "Hand over to somebody first" in client.post(address).content.decode()


def test_an_alternate_is_offered_only_to_step_down(delegation, litia, alternate, signed_in):
    client = signed_in(alternate.user)
    said = client.get(page(delegation)).content.decode()
    assert "Step down" in said
    assert "Name somebody" not in said
    assert page(delegation, "focal_point_end", of(litia).pk) not in said
    assert "Only the main" in client.post(page(delegation, "focal_point_end", of(litia).pk)).content.decode()
    assert "Only the main" in client.post(page(delegation), filled()).content.decode()
    assert client.post(page(delegation, "focal_point_end", alternate.pk)).headers["Location"] == "/delegations/"


def test_an_organiser_names_and_ends_from_the_same_page(client, delegation, litia, organiser):
    client.force_login(organiser)
    client.post(page(delegation), filled())
    client.post(page(delegation, "focal_point_end", of(litia).pk))
    assert [f.user.name for f in FocalPoint.objects.active()] == ["Tomasi"]
    assert {e.by for e in DelegationEvent.objects.all()} == {organiser}


def test_a_focal_point_of_another_delegation_is_not_there(delegation, litia, signed_in):
    other = FocalPoint.objects.create(delegation=DelegationFactory(), user=UserFactory())
    client = signed_in(litia)
    for name in ("focal_point_end", "focal_point_hand_over"):
        assert client.get(page(delegation, name, other.pk)).status_code == 404
        assert client.post(page(delegation, name, other.pk), filled()).status_code == 404
        assert client.get(page(other.delegation, name, other.pk)).status_code == 404
    other.refresh_from_db()
    assert other.ended_at is None


@pytest.mark.parametrize("rows", [1, 3])
def test_the_section_costs_the_same_for_many(delegation, litia, organiser, rows, django_assert_num_queries):
    for n in range(rows):
        people.name_focal_point(delegation, email=f"p{n}@m.example", name=f"P{n}", by=organiser, as_organiser=True)
    # focal points, invitation, history
    with django_assert_num_queries(3):
        shown = people.section(delegation)
        assert len(shown["focal_points"]) == rows + 1
        assert all(str(f.user) for f in shown["focal_points"])
        assert all(str(event.by) for event, words in shown["focal_history"])


def test_handing_an_alternate_over_to_oneself_leaves_a_main_focal_point(delegation, litia, alternate):
    with pytest.raises(people.Refused):
        people.hand_over(alternate.pk, email=litia.email, by=litia)
    assert not of(litia).is_alternate


# What the account of an address is called is not for whoever types the address


@pytest.fixture
def known(db):
    return UserFactory(email="known@un.example", name="Aurelia Kept-Secret")


def told_everywhere(client, address):
    """The page, and all that went out by mail or was written down."""
    shown = client.get(address).content.decode()
    return shown, f"{list(OutgoingMail.objects.values())}{list(DelegationEvent.objects.values())}"


def test_who_names_somebody_reads_what_they_typed(client, delegation, litia, known, signed_in):
    signed_in(litia)
    answer = client.post(page(delegation), filled(email=known.email, name="A. Colleague"), follow=True)
    shown, written = told_everywhere(client, page(delegation))
    workspace = client.get(page(delegation, "workspace")).content.decode()
    assert "A. Colleague is named" in answer.content.decode()
    assert all("A. Colleague" in text for text in (shown, workspace, written))
    assert not any("Kept-Secret" in text for text in (answer.content.decode(), shown, workspace, written))


def test_so_does_who_hands_over_or_removes(client, delegation, litia, known, alternate, signed_in):
    signed_in(litia)
    alt = FocalPoint.objects.get(pk=alternate.pk)
    client.post(page(delegation, "focal_point_hand_over", alt.pk), filled(email=known.email, name="A. Colleague"))
    asked = client.get(page(delegation, "focal_point_end", of(known).pk)).content.decode()
    client.post(page(delegation, "focal_point_end", of(known).pk))
    shown, written = told_everywhere(client, page(delegation))
    assert "A. Colleague" in asked and "A. Colleague" in shown
    assert not any("Kept-Secret" in text for text in (asked, shown, written))
    known.refresh_from_db()
    assert known.name == "Aurelia Kept-Secret"


def test_whoever_was_named_before_names_were_kept_is_called_as_the_account_is(delegation, litia):
    assert of(litia).shown_name == "Litia"
