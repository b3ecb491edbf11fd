"""The letter beside the roster: what is proposed, what is matched, and who is missing on either side."""

import pytest

from registration.letters import reconcile
from registration.models import Channel, Pairing, Status
from tests.factories import LetterFactory, UserFactory

from .conftest import letter_naming, person

pytestmark = pytest.mark.django_db


def pair(name, registration):
    name.pairing, name.registration, name.decided_by = Pairing.MATCHED, registration, UserFactory()
    name.save()


def test_nothing_is_matched_before_a_person_confirms(delegation):
    registration = person(delegation, "Trần Quốc Bảo")
    letter_naming(delegation, "Mr. Tran Quoc Bao")
    state = reconcile.state_of(delegation)
    assert state.mark(registration.pk).kind == reconcile.PROPOSED
    assert state.mark(registration.pk).how == reconcile.EXACT
    assert state.tally[reconcile.MATCHED] == 0


def test_each_side_is_told_who_is_missing(delegation):
    matched, other = person(delegation, "Lê Thu Minh"), person(delegation, "Bùi Thanh Hà")
    _, (first, second, third) = letter_naming(delegation, "Le Thu Minh", "Do Quang Huy", "Phan Van Absent")
    pair(first, matched)
    third.pairing = Pairing.ABSENT
    third.save()
    state = reconcile.state_of(delegation)
    assert state.mark(matched.pk).kind == reconcile.MATCHED
    assert state.mark(other.pk).kind == reconcile.NOT_NAMED
    assert state.unregistered == [second]
    assert state.tally == {"matched": 1, "proposed": 0, "unregistered": 1, "absent": 1, "not_named": 1}


def test_what_was_ruled_out_is_not_proposed_again(delegation):
    registration = person(delegation, "Hoàng Mai Chi")
    _, (name,) = letter_naming(delegation, "Hoang Thi Mai Chi")
    assert reconcile.state_of(delegation).mark(registration.pk).kind == reconcile.PROPOSED
    name.ruled_out = [registration.pk]
    name.save()
    assert reconcile.state_of(delegation).mark(registration.pk).kind == reconcile.NOT_NAMED


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.REJECTED])
def test_whoever_does_not_come_any_more_falls_out_and_the_pair_holds_when_they_are_back(delegation, status):
    registration = person(delegation, "Lê Thu Minh")
    _, (name,) = letter_naming(delegation, "Le Thu Minh")
    pair(name, registration)
    type(registration).objects.update(status=status, status_reason="No letter.")
    state = reconcile.state_of(delegation)
    assert state.unregistered == [name]
    assert state.lines[0].fell_out == registration
    assert state.tally[reconcile.MATCHED] == 0
    type(registration).objects.update(status=Status.SUBMITTED)
    assert reconcile.state_of(delegation).mark(registration.pk).kind == reconcile.MATCHED


def test_somebody_elses_substitute_inherits_no_name(delegation):
    old = person(delegation, "Lê Thu Minh", status=Status.WITHDRAWN)
    new = person(delegation, "Anna Petrova", replaces=old)
    _, (name,) = letter_naming(delegation, "Le Thu Minh")
    pair(name, old)
    state = reconcile.state_of(delegation)
    assert state.mark(new.pk).kind == reconcile.NOT_NAMED
    assert state.unregistered == [name]


def test_a_child_is_compared_with_no_letter(delegation):
    child = person(delegation, "Participant Y01", is_minor=True, email="", functional_title="")
    _, (name,) = letter_naming(delegation, "Le Thu Minh")
    pair(name, child)
    state = reconcile.state_of(delegation)
    assert state.mark(child.pk).kind == reconcile.SEALED
    assert state.lines[0] == reconcile.Line(reconcile.UNREGISTERED, name)


def test_a_letter_without_names_says_nothing_about_anybody(delegation):
    registration, own = person(delegation, "A B"), person(delegation, "C D")
    assert reconcile.state_of(delegation).mark(registration.pk).kind == reconcile.NO_LETTER
    LetterFactory(registration=own)
    assert reconcile.state_of(delegation).mark(own.pk).kind == reconcile.SENT
    letter_naming(delegation)
    state = reconcile.state_of(delegation)
    assert (state.mark(registration.pk).kind, state.mark(own.pk).kind) == (reconcile.NOT_COMPARED, reconcile.SENT)


def test_only_the_newest_version_of_a_letter_counts(delegation):
    registration = person(delegation, "Lê Thu Minh")
    old, _ = letter_naming(delegation, "Le Thu Minh")
    letter_naming(delegation, "Anna Petrova", supersedes=old, version=2)
    state = reconcile.state_of(delegation)
    assert [n.name for n in state.names] == ["Anna Petrova"]
    assert state.mark(registration.pk).kind == reconcile.NOT_NAMED


def test_two_letters_may_name_the_same_person(delegation):
    registration = person(delegation, "Lê Thu Minh")
    letter_naming(delegation, "Le Thu Minh")
    _, (name,) = letter_naming(delegation, "LE, Thu Minh")
    pair(name, registration)
    state = reconcile.state_of(delegation)
    assert state.mark(registration.pk).kind == reconcile.MATCHED
    assert sorted(line.kind for line in state.lines) == [reconcile.MATCHED, reconcile.PROPOSED]
    assert state.unregistered == []


def test_drafts_are_the_focal_points_business(delegation):
    draft = person(delegation, "Lê Thu Minh", status=Status.DRAFT, channel=Channel.ROSTER)
    person(delegation, "Anna Petrova", status=Status.DRAFT, channel=Channel.SELF)
    _, (name, _) = letter_naming(delegation, "Le Thu Minh", "Anna Petrova")
    pair(name, draft)
    focal, reviewer = reconcile.state_of(delegation), reconcile.state_of(delegation, with_drafts=False)
    assert [line.kind for line in focal.lines] == [reconcile.MATCHED, reconcile.UNREGISTERED]
    assert [line.kind for line in reviewer.lines] == [reconcile.UNSENT, reconcile.UNREGISTERED]
    assert reviewer.roster == []


@pytest.mark.parametrize("rows", [1, 3])
def test_three_queries_however_many_names(delegation, rows, django_assert_num_queries):
    for n in range(rows):
        registration = person(delegation, f"Person {n}")
        _, (name, _) = letter_naming(delegation, f"Person {n}", f"Somebody {n}")
        pair(name, registration)
    with django_assert_num_queries(3):
        state = reconcile.state_of(delegation)
        assert state.tally[reconcile.MATCHED] == rows
        assert len(state.unregistered) == rows
