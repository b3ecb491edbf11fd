"""What reviewers share about one person: whose it is, notes, ready reasons, the same person at other times, seats."""

import pytest
from django.urls import reverse

from meeting.models import AuditEntry, Role, User
from registration import workflow
from registration.desk import colleagues
from registration.models import CannedReason, LetterName, Likeness, Note, OutgoingMail, ReviewedCategory, Status
from registration.setup import reasons
from tests.factories import (
    CategoryFactory,
    ChildFactory,
    DelegationFactory,
    LetterFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def delegation(meeting):
    return DelegationFactory(category=CategoryFactory(meeting=meeting))


@pytest.fixture
def reviewer(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER, user__name="Suda P.").user
    client.force_login(user)
    return user


@pytest.fixture
def me(delegation):
    return RegistrationFactory(delegation=delegation)


def to(registration, act="registration", *more):
    return reverse(f"admin:desk:{act}", args=[registration.meeting.slug, registration.reference, *more])


def send(client, registration, move, **values):
    return client.post(to(registration, "decide"), {"move": move, "seen": registration.status, **values})


def shown(client, registration):
    return client.get(to(registration)).content.decode()


# Whose it is


def test_the_screen_says_calmly_whose_it_is_and_blocks_nobody(client, meeting, reviewer, me):
    colleague = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER, user__name="Somchai R.").user
    assert "To nobody yet." in shown(client, me)
    client.post(to(me, "assign"), {"to": colleague.pk})
    text = shown(client, me)
    assert "Assigned to <bdi>Somchai R.</bdi>." in text and 'value="approve"' in text
    client.post(to(me, "assign"), {"to": reviewer.pk})
    me.refresh_from_db()
    assert me.assigned_to == reviewer
    client.post(to(me, "assign"), {"to": ""})
    me.refresh_from_db()
    assert me.assigned_to is None


def test_it_goes_to_nobody_who_does_not_decide_on_it(client, meeting, reviewer, me):
    limited = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER)
    ReviewedCategory.objects.create(staff_role=limited, category=CategoryFactory(meeting=meeting))
    others = [limited.user, StaffRoleFactory(meeting=meeting, role=Role.LISTS).user, UserFactory()]
    for user in others:
        client.post(to(me, "assign"), {"to": user.pk})
        assert "does not decide here any more" in shown(client, me)
    assert not me.events.exists()


def test_colleagues_are_those_to_whom_the_workflow_gives_it(meeting, me):
    roles = (Role.ORGANISER, Role.REVIEWER, Role.LISTS, Role.AUDITOR, Role.DESK, Role.SAFEGUARDING)
    for role in roles:
        StaffRoleFactory(meeting=meeting, role=role)
        StaffRoleFactory(role=role)
    StaffRoleFactory(meeting=meeting, role=Role.REVIEWER, user__is_active=False)
    here, elsewhere = me.delegation.category, CategoryFactory(meeting=meeting)
    for category in (here, elsewhere):
        limited = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER)
        ReviewedCategory.objects.create(staff_role=limited, category=category)
    reads_all = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER)
    ReviewedCategory.objects.create(staff_role=reads_all, category=elsewhere)
    StaffRoleFactory(meeting=meeting, role=Role.AUDITOR, user=reads_all.user)
    expected = {user for user in User.objects.filter(is_superuser=False) if workflow.may_be_given(me, user)}
    assert set(colleagues.of(me)) == expected and len(expected) == 4


# Notes


def test_a_note_is_read_by_those_who_decide_and_by_nobody_else(client, meeting, reviewer, me):
    assert client.post(to(me, "note"), {"text": " Call the mission first. "}).url == to(me) + "#notes"
    text = shown(client, me)
    assert "Call the mission first." in text and "Colleagues see notes; the delegate never does." in text
    organiser = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    client.force_login(organiser)
    assert "Call the mission first." in shown(client, me)
    for role in (Role.AUDITOR, Role.LISTS):
        client.force_login(StaffRoleFactory(meeting=meeting, role=role).user)
        text = shown(client, me)
        assert "Call the mission" not in text and 'id="notes"' not in text
        assert client.post(to(me, "note"), {"text": "x"}).status_code == 403
    assert not OutgoingMail.objects.exists()


def test_notes_stand_newest_first_and_ones_own_can_be_taken_away(client, meeting, reviewer, me):
    theirs = workflow.add_note(me.pk, text="First.", by=StaffRoleFactory(meeting=meeting, role=Role.REVIEWER).user)
    mine = workflow.add_note(me.pk, text="Second.", by=reviewer)
    text = shown(client, me)
    assert text.index("Second.") < text.index("First.")
    assert to(me, "note_remove", mine.pk) in text and to(me, "note_remove", theirs.pk) not in text
    client.post(to(me, "note_remove", theirs.pk))
    assert "Only whoever wrote a note can take it away." in shown(client, me)
    client.get(to(me, "note_remove", mine.pk))
    assert Note.objects.count() == 2
    client.post(to(me, "note_remove", mine.pk))
    assert Note.objects.get() == theirs
    other = RegistrationFactory(delegation=me.delegation)
    assert client.post(to(other, "note_remove", theirs.pk)).status_code == 404


@pytest.mark.parametrize(("text", "error"), [("  ", "Write something first."), ("x" * 2001, "at most 2000")])
def test_a_refused_note_comes_back_as_it_was_written(client, reviewer, me, text, error):
    response = client.post(to(me, "note"), {"text": text})
    page = response.content.decode()
    assert response.status_code == 422 and error in page and text.strip() in page


def test_about_a_child_there_are_no_notes_and_the_safeguarding_lead_decides(client, meeting, reviewer):
    child = ChildFactory(delegation__category__meeting=meeting)
    text = shown(client, child)
    assert "Somebody under 18: the safeguarding lead decides." in text
    assert 'name="move"' not in text and 'id="notes"' not in text and to(child, "category") not in text
    client.post(to(child, "note"), {"text": "Call the mission."})
    assert "No notes are kept about somebody under 18." in shown(client, child)
    assert not Note.objects.exists()


# Ready reasons


@pytest.fixture
def no_letter(meeting):
    return CannedReason.objects.create(
        meeting=meeting, use="return", name="Sans lettre", text_en="Please add the letter.",
        text_fr="Veuillez joindre la lettre.", text_ar="يرجى إرفاق الرسالة.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text"),
    [("ar", "يرجى إرفاق الرسالة."), ("fr", "Veuillez joindre la lettre."), ("ru", "Please add the letter.")],
)
def test_a_ready_reason_is_sent_in_the_delegates_language(client, reviewer, delegation, no_letter, language, text):
    me = RegistrationFactory(delegation=delegation, language=language)
    page = shown(client, me)
    assert f'data-reason="{text}"' in page and ">Sans lettre</option>" in page
    own = "" if language == "ru" else "Please add the letter."  # shown already
    assert f'data-own="{own}"' in page
    send(client, me, "return", ready=no_letter.pk, reason="", fields_to_mend=["letter"])
    me.refresh_from_db()
    assert (me.status, me.status_reason) == (Status.RETURNED, text)


def test_what_the_reviewer_wrote_goes_before_what_they_chose(client, reviewer, me, no_letter):
    send(client, me, "return", ready=no_letter.pk, reason="The letter is of 2004.", fields_to_mend=["letter"])
    me.refresh_from_db()
    assert me.status_reason == "The letter is of 2004."


def test_a_refused_form_keeps_choice_text_and_ticks(client, reviewer, me, no_letter):
    response = send(client, me, "return", ready=no_letter.pk, reason="And the date.")
    page = response.content.decode()
    assert response.status_code == 422 and "Tick what is to be put right." in page
    assert f'<option value="{no_letter.pk}"' in page and "selected>Sans lettre" in page and "And the date." in page
    response = send(client, me, "return", reason="", fields_to_mend=["letter", "role"])
    assert response.content.decode().count(" checked") == 2


def test_a_ready_reason_says_what_is_to_be_put_right(client, reviewer, me, no_letter):
    no_letter.fields_to_mend = ["letter", "gone"]
    no_letter.save()
    assert 'data-fields="letter gone"' in shown(client, me)
    send(client, me, "return", ready=no_letter.pk, reason="")
    me.refresh_from_db()
    assert (me.status, me.returned_fields) == (Status.RETURNED, ["letter"])


def test_a_reason_for_something_else_is_none(client, reviewer, me, no_letter):
    response = send(client, me, "reject", ready=no_letter.pk)
    assert response.status_code == 422 and "Give a reason: the delegate reads it." in response.content.decode()
    response = send(client, me, "return", ready="999999", fields_to_mend=["letter"])
    assert "This reason is no longer there." in response.content.decode()


def test_reasons_of_another_meeting_are_not_offered(client, reviewer, me):
    CannedReason.objects.create(meeting=MeetingFactory(), use="return", name="Elsewhere", text="Elsewhere")
    assert "Elsewhere" not in shown(client, me)


def test_the_usual_reasons_come_with_one_button_and_once(client, meeting):
    organiser = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    client.force_login(organiser)
    address = reverse("admin:desk:usual_reasons", args=[meeting.slug])
    assert "Registered twice" in client.get(address).content.decode()
    client.post(address)
    client.post(address)
    assert CannedReason.objects.filter(meeting=meeting).count() == len(reasons.USUAL)
    assert "This meeting has all of them." in client.get(address).content.decode()
    for one in CannedReason.objects.filter(meeting=meeting):
        texts = [getattr(one, f"text_{code}") for code in ("en", "fr", "es", "ru", "zh_hans", "ar")]
        assert all(texts) and len(set(texts)) == 6
    entry = AuditEntry.objects.get(action="setup")
    assert (entry.meeting, entry.by, len(entry.detail["added"])) == (meeting, organiser, len(reasons.USUAL))


def test_organisers_tick_what_a_reason_asks_to_put_right(client, meeting, no_letter):
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user)
    address = reverse("admin:registration_cannedreason_change", args=[no_letter.pk])
    form = client.get(address).context["adminform"].form
    values = {name: "" if (now := form[name].value()) is None else now for name in form.fields}
    answer = client.post(address, {**values, "fields_to_mend": ["letter", "role"]})
    assert answer.status_code == 302, answer.context["errors"]
    no_letter.refresh_from_db()
    assert no_letter.fields_to_mend == ["letter", "role"]
    assert client.get(address).content.decode().count(" checked") == 2


def test_the_way_to_them_stands_over_their_list(client, meeting):
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user)
    page = client.get(reverse("admin:registration_cannedreason_changelist")).content.decode()
    assert reverse("admin:desk:usual_reasons", args=[meeting.slug]) in page


# The same person at other times


def pair(first, second, state="open", by=None):
    first, second = sorted((first, second), key=lambda r: r.pk)
    return Likeness.objects.create(first=first, second=second, score=0.9, state=state, decided_by=by)


@pytest.fixture
def before(meeting, reviewer):
    meeting.previous = MeetingFactory(short_title="Mid-term review")
    meeting.save()
    StaffRoleFactory(user=reviewer, meeting=meeting.previous, role=Role.REVIEWER)
    return DelegationFactory(category=CategoryFactory(meeting=meeting.previous))


def test_other_registrations_of_the_person_stand_on_the_screen(client, reviewer, me, before):
    same, likely, brought = RegistrationFactory.create_batch(3, delegation=before)
    pair(me, same, "same", reviewer)
    asked = pair(me, likely)
    me.brought_from = brought
    me.save()
    text = shown(client, me)
    assert "Other registrations of this person" in text and "Mid-term review" in text
    assert all(to(other) in text for other in (same, likely, brought))
    assert reverse("admin:desk:duplicate", args=[me.meeting.slug, asked.pk]) in text


def test_of_a_meeting_that_is_not_theirs_they_see_none(client, reviewer, me):
    elsewhere = RegistrationFactory()
    pair(me, elsewhere, "same", reviewer)
    apart = RegistrationFactory(delegation=me.delegation)
    pair(me, apart, "apart", reviewer)
    assert client.get(to(me)).context["others"] == []


# Roster and seats


def test_the_roster_counts_who_comes_and_names_who_is_missing(client, reviewer, delegation):
    me = RegistrationFactory(delegation=delegation)
    for status in (Status.APPROVED, Status.WAITLISTED, Status.REJECTED, Status.WITHDRAWN):
        RegistrationFactory(delegation=delegation, status=status)
    letter = LetterFactory(registration=None, delegation=delegation, meeting=delegation.meeting)
    for number, name in enumerate((me.display_name, "Latsamy Phonvilai"), 1):
        LetterName.objects.create(letter=letter, number=number, name=name)
    text = shown(client, me)
    assert "2 named, 3 registered" in text
    assert "<bdi>Latsamy Phonvilai</bdi>" in text and "Not registered" in text


def test_seats_left_are_said_of_delegation_and_category(client, meeting, reviewer):
    category = CategoryFactory(meeting=meeting, name="NGO", delegation_quota=6, quota=10)
    me, *_more = RegistrationFactory.create_batch(3, delegation=DelegationFactory(category=category))
    RegistrationFactory.create_batch(2, delegation=DelegationFactory(category=category))
    text = shown(client, me)
    assert "Seat kept: 3 of 6 used, 3 left" in text
    assert "“NGO”: 5 of 10 used, 5 left" in text
    category.quota = 4
    category.save()
    assert "“NGO”: more than its 4 seats are used" in shown(client, me)


# The place in the queue


def test_place_and_neighbours(client, reviewer, delegation):
    first, second, third = RegistrationFactory.create_batch(3, delegation=delegation)
    text = shown(client, second)
    assert "2 of 3<" in text and ", oldest first" in text
    assert f'href="{to(first)}" rel="prev" data-key="k"' in text and f'href="{to(third)}" rel="next"' in text
    newest = client.get(to(second) + "?sort=newest").context["around"]
    assert (newest.previous, newest.next, newest.place) == (third, first, 2)
    assert client.get(to(second) + "?sort=entity").context["around"].place is None
    gone = RegistrationFactory(delegation=delegation, status=Status.REJECTED)
    assert "3 in this queue" in shown(client, gone)


@pytest.mark.parametrize("n", [1, 3])
def test_query_count_with_notes_reasons_and_others(client, reviewer, me, before, n, django_assert_num_queries):
    reasons.add_usual(me.meeting)
    for other in RegistrationFactory.create_batch(n, delegation=before):
        pair(me, other)
        workflow.add_note(me.pk, text="A word.", by=reviewer)
        StaffRoleFactory(meeting=me.meeting, role=Role.REVIEWER)
        CategoryFactory(meeting=me.meeting)
    with django_assert_num_queries(30):
        client.get(to(me))
