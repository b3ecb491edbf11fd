"""Letters that follow each other: the old kept, names and pairs carried over, the same file told."""

import pytest

from meeting.models import Role
from registration.letters import reconcile, versions
from registration.letters.files import AcceptedFile
from registration.letters.names import parse
from registration.models import DelegationEvent, LetterKind, LetterName, Pairing
from tests.factories import DelegationFactory, LetterFactory, StaffRoleFactory, UserFactory

from .conftest import a_pdf, letter_naming, person

pytestmark = pytest.mark.django_db
FACTS = {"kind": LetterKind.NOTE_VERBALE, "dated_on": None, "reference": "No. 214", "signatory": ""}


@pytest.fixture
def by():
    return UserFactory()


def receive(delegation, by, size=200, replaces=None):
    accepted = AcceptedFile(a_pdf(size=size), "application/pdf", "nv.pdf")
    return versions.receive(delegation, accepted, FACTS, by=by, replaces=replaces)


def test_a_new_version_takes_the_place_and_the_old_is_kept(delegation, by):
    old = receive(delegation, by)
    new = receive(delegation, by, size=300, replaces=old)
    state = reconcile.state_of(delegation)
    assert state.current == [new]
    assert state.before(new) == [old]
    assert (new.version, old.file.storage.exists(old.file.name)) == (2, True)
    assert DelegationEvent.objects.filter(action="letter", by=by).count() == 2


def test_one_letter_has_one_successor(delegation, by):
    old = receive(delegation, by)
    receive(delegation, by, size=300, replaces=old)
    with pytest.raises(versions.NotTaken, match="A newer version of this letter has come"):
        receive(delegation, by, size=400, replaces=old)


def test_the_same_file_again_is_told_and_changes_nothing(delegation, by):
    first = receive(delegation, by)
    with pytest.raises(versions.NotTaken, match=r"This very file is here already: “nv\.pdf”, Note verbale, version 1"):
        receive(delegation, by, replaces=first)
    assert delegation.letters.count() == 1


def test_the_same_file_of_another_delegation_is_taken_and_known(delegation, by):
    other = DelegationFactory(category=delegation.category)
    mine, theirs = receive(delegation, by), receive(other, by)
    reader = StaffRoleFactory(meeting=delegation.meeting, role=Role.REVIEWER).user
    assert versions.sent_by_others([mine], reader) == {mine.sha256: [other]}
    assert versions.sent_by_others([theirs], reader) == {mine.sha256: [delegation]}
    LetterFactory(sha256=mine.sha256)  # at another meeting
    assert versions.sent_by_others([mine], reader) == {mine.sha256: [other]}


def test_names_that_stay_keep_what_was_said_of_them(delegation, by):
    registration = person(delegation, "Lê Thu Minh")
    letter, (first, second, third) = letter_naming(delegation, "Le Thu Minh", "Do Quang Huy", "Anna Petrova")
    LetterName.objects.filter(pk=first.pk).update(pairing=Pairing.MATCHED, registration=registration)
    LetterName.objects.filter(pk=second.pk).update(pairing=Pairing.ABSENT)
    LetterName.objects.filter(pk=third.pk).update(ruled_out=[registration.pk])
    kept = versions.write_names(
        letter, parse("New Person\nMs. LE, Thu Minh, Adviser\nDo Quang Huy\nAnna Petrova"), by=by
    )
    rows = letter.names.values_list("number", "name", "remark", "pairing", "registration", "ruled_out", "pk")
    assert kept == 3
    assert list(rows)[1:] == [
        (2, "Ms. LE, Thu Minh", "Adviser", "matched", registration.pk, [], first.pk),
        (3, "Do Quang Huy", "", "absent", None, [], second.pk),
        (4, "Anna Petrova", "", "open", None, [registration.pk], third.pk),
    ]


def test_a_new_version_starts_with_the_names_of_the_old_and_keeps_their_pairs(delegation, by):
    registration = person(delegation, "Lê Thu Minh")
    old, (name, _) = letter_naming(delegation, "Le Thu Minh", "Do Quang Huy")
    LetterName.objects.filter(pk=name.pk).update(pairing=Pairing.MATCHED, registration=registration, decided_by=by)
    new = receive(delegation, by, replaces=old)
    assert [n.name for n in versions.names_to_start_from(new)] == ["Le Thu Minh", "Do Quang Huy"]
    versions.write_names(new, parse("Le Thu Minh\nAnna Petrova"), by=by)
    assert list(new.names.values_list("name", "pairing", "registration")) == [
        ("Le Thu Minh", "matched", registration.pk),
        ("Anna Petrova", "open", None),
    ]
    assert old.names.count() == 2
    assert reconcile.state_of(delegation).mark(registration.pk).kind == reconcile.MATCHED


def test_two_of_one_name_stay_two(delegation, by):
    letter, _ = letter_naming(delegation, "Nguyen Van An", "Nguyen Van An")
    assert versions.write_names(letter, parse("Nguyen Van An\nNguyen Van An\nNguyen Van An"), by=by) == 2
    assert letter.names.count() == 3


@pytest.mark.parametrize("names", [1, 3])
def test_writing_names_costs_the_same_for_many(delegation, by, names, django_assert_num_queries):
    letter, _ = letter_naming(delegation, *(f"Person Number{n}" for n in range(names)))
    wanted = parse("\n".join([f"Person Number{n}" for n in range(names)] + [f"New One{n}" for n in range(names)]))
    with django_assert_num_queries(10):
        versions.write_names(letter, wanted, by=by)


def test_details_are_corrected_and_written_down(delegation, by):
    letter = receive(delegation, by)
    versions.correct(letter, {**FACTS, "reference": "No. 215"}, by=by)
    letter.refresh_from_db()
    assert letter.reference == "No. 215"
    assert DelegationEvent.objects.last().detail == {"letter": letter.pk, "changed": ["reference"]}
