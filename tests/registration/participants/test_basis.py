"""Who stands in the list, by name or as a number."""

import datetime

import pytest
from django.utils import timezone

from registration.models import LetterKind, Listing, ParticipantsSetup, Status
from tests.factories import (
    CategoryFactory,
    ChildFactory,
    DelegationFactory,
    LetterFactory,
    UserFactory,
)
from tests.registration.participants.making import TODAY, listed, names, own_profile, person, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def youth(meeting):
    values = {"code": "YTH", "order": 110, "for_children": True, "listing": Listing.NUMBER}
    return CategoryFactory(meeting=meeting, name="Children and young people", **values)


@pytest.mark.parametrize(
    ("language", "number", "text"),
    [
        ("en", 1, "One participant. The name is not published."),
        ("en", 15, "Fifteen participants. Their names are not published."),
        ("en", 21, "21 participants. Their names are not published."),
        ("fr", 15, "Quinze personnes. Leurs noms ne sont pas publiés."),
        ("es", 15, "Quince personas. Sus nombres no se publican."),
        ("ru", 2, "Два участника. Имена не публикуются."),
        ("ru", 15, "Пятнадцать участников. Имена не публикуются."),
        ("ru", 21, "21 участник. Имена не публикуются."),
        ("zh", 15, "15 名与会者，姓名不予公布。"),
        ("ar", 2, "مشاركان. لا يُنشر اسماهما."),
        ("ar", 3, "ثلاثة مشاركين. لا تُنشر أسماؤهم."),
        ("ar", 15, "15 مشاركًا. لا تُنشر أسماؤهم."),
    ],
)
def test_children_are_a_number(meeting, youth, language, number, text):
    delegation = DelegationFactory(category=youth)
    ChildFactory.create_batch(number, delegation=delegation, status=Status.APPROVED)
    section = listed(meeting, language).sections[0]
    assert (section.text, section.count, section.entities) == (text, number, ())
    assert "Participant Y" not in str(section)


def test_a_child_among_adults_is_counted_and_never_named(meeting, members):
    fiji = state(members, "FJI", en="Fiji")
    person(fiji)
    ChildFactory(delegation=fiji, status=Status.APPROVED)
    section = listed(meeting).sections[0]
    assert (section.text, section.count) == ("One participant. The name is not published.", 2)
    assert names(listed(meeting)) == ["Ana Silva"]


def test_some_profiles_write_numbers_in_digits(meeting, youth):
    ChildFactory.create_batch(3, delegation=DelegationFactory(category=youth), status=Status.APPROVED)
    assert listed(meeting, profile="who").sections[0].text.startswith("3 participants")


@pytest.mark.parametrize(
    ("listing", "shown"), [(Listing.NAMES, ["Ana Silva"]), (Listing.NUMBER, []), (Listing.NOT, None)]
)
def test_media_stand_in_the_list_as_their_category_says(meeting, listing, shown):
    media = CategoryFactory(meeting=meeting, code="MED", order=140, listing=listing)
    person(DelegationFactory(category=media))
    found = listed(meeting)
    assert (names(found) if found.sections else None) == shown


def test_on_the_basis_of_approval(meeting, members):
    fiji = state(members, "FJI", en="Fiji")
    for status in Status.values:
        person(fiji, status, "Person", status=status)
    assert names(listed(meeting, basis="approved")) == ["approved Person"]


def test_on_the_basis_of_arrival(meeting, members):
    fiji = state(members, "FJI", en="Fiji")
    here = {"arrived_at": TODAY, "arrived_by": UserFactory()}
    person(fiji, "Ana", "Here", **here)
    person(fiji, "Beni", "Absent")
    person(fiji, "Cama", "Withdrawn", status=Status.WITHDRAWN, **here)
    assert names(listed(meeting, basis="arrived")) == ["Ana Here"]


def test_on_the_basis_of_accreditation(meeting, members):
    members.required_documents = [LetterKind.CREDENTIALS, LetterKind.NOTE_VERBALE]
    members.save()
    fiji, tonga, samoa = (state(members, code, en=code) for code in ("FJI", "TON", "WSM"))
    for delegation in (fiji, tonga, samoa):
        for status in Status.values:
            person(delegation, f"{delegation.entity.code} {status}", "P", status=status)
    LetterFactory(registration=None, delegation=fiji, meeting=meeting, kind=LetterKind.CREDENTIALS)
    LetterFactory(registration=None, delegation=tonga, meeting=meeting, kind=LetterKind.NOMINATION)
    own = person(samoa, "Own", "Letter", status=Status.SUBMITTED)
    LetterFactory(registration=own, kind=LetterKind.NOTE_VERBALE)
    assert names(listed(meeting, basis="accredited")) == ["FJI approved P", "FJI submitted P", "Own Letter"]


def test_a_letter_that_was_superseded_does_not_count(meeting, members):
    members.required_documents = [LetterKind.CREDENTIALS]
    members.save()
    fiji = state(members, "FJI", en="Fiji")
    person(fiji)
    old = LetterFactory(registration=None, delegation=fiji, meeting=meeting, kind=LetterKind.CREDENTIALS)
    assert names(listed(meeting, basis="accredited"))
    LetterFactory(registration=None, delegation=fiji, meeting=meeting, kind=LetterKind.NOMINATION, supersedes=old)
    assert not names(listed(meeting, basis="accredited"))


def test_without_a_letter_asked_for_everybody_is_accredited(meeting, members):
    person(state(members, "FJI", en="Fiji"), status=Status.SUBMITTED)
    assert names(listed(meeting, basis="accredited")) == ["Ana Silva"]


def test_the_setup_says_which_basis(meeting, members):
    person(state(members, "FJI", en="Fiji"), status=Status.SUBMITTED)
    assert names(listed(meeting)) == []
    ParticipantsSetup.objects.create(meeting=meeting, basis="accredited")
    assert names(listed(meeting)) == ["Ana Silva"]
    assert listed(meeting).head.basis == "Accredited and registered by 8 September 2008."


def test_a_decision_that_nobody_was_told_of_has_not_been_taken(meeting, members):
    fiji = state(members, "FJI", en="Fiji")
    soon = timezone.now() + datetime.timedelta(minutes=5)
    person(fiji, "Ana", "Approved", status=Status.APPROVED, quiet_until=soon, quiet_status=Status.SUBMITTED)
    person(fiji, "Beni", "Rejected", status=Status.REJECTED, quiet_until=soon, quiet_status=Status.APPROVED)
    assert names(listed(meeting)) == ["Beni Rejected"]


def test_whoever_withdrew_is_left_out_or_marked_as_the_body_has_it(meeting, members):
    fiji = state(members, "FJI", en="Fiji")
    person(fiji)
    gone = person(fiji, "Beni", "Baba", status=Status.WITHDRAWN)
    never = person(fiji, "Cama", "Cakau", status=Status.WITHDRAWN)
    gone.events.create(action="moved", from_status="submitted", to_status="approved")
    never.events.create(action="moved", from_status="submitted", to_status="withdrawn")
    ChildFactory(delegation=fiji, status=Status.WITHDRAWN)
    assert names(listed(meeting)) == ["Ana Silva"]
    marked = listed(meeting, profile=own_profile(withdrawn="mark"))
    lines = [p.line for p in marked.sections[0].entities[0].people]
    assert lines == ["Beni Baba, Director (withdrawn)", "Ana Silva, Director"]
    assert (marked.count, marked.sections[0].text) == (1, "")


def test_a_reviewer_with_limits_sees_a_list_of_theirs_only(meeting, members, ngos):
    from tests.factories import StaffRoleFactory

    person(state(members, "FJI", en="Fiji"))
    person(DelegationFactory(category=ngos), "Nina", "Ngo")
    role = StaffRoleFactory(meeting=meeting, role="reviewer")
    role.reviewed_categories.create(category=ngos)
    assert names(listed(meeting, user=role.user)) == ["Nina Ngo"]
    assert names(listed(meeting, user=UserFactory())) == []
