"""Yes, no, by hand, undone, does not come: each said by a person, each recorded, and two at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from registration.letters import pairing, reconcile
from registration.models import DelegationEvent, LetterName, Pairing, Status
from tests.factories import DelegationFactory, UserFactory

from .conftest import letter_naming, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return UserFactory()


def events(delegation):
    return [e.detail for e in DelegationEvent.objects.filter(delegation=delegation, action="paired")]


def test_confirming_is_recorded_and_said_twice_it_holds_once(delegation, by):
    registration = person(delegation, "Lê Thu Minh")
    letter, (name,) = letter_naming(delegation, "Le Thu Minh")
    pairing.confirm(name.pk, registration.pk, by=by)
    pairing.confirm(name.pk, registration.pk, by=UserFactory())
    name.refresh_from_db()
    assert (name.pairing, name.registration, name.decided_by) == (Pairing.MATCHED, registration, by)
    assert events(delegation) == [
        {"letter": letter.pk, "line": 1, "what": "confirmed", "registration": registration.reference}
    ]


def test_the_second_is_told_what_the_first_said(delegation, by):
    first, second = person(delegation, "Lê Thu Minh"), person(delegation, "Anna Petrova")
    _, (name, other) = letter_naming(delegation, "Le Thu Minh", "A. Petrova")
    pairing.confirm(name.pk, first.pk, by=by)
    with pytest.raises(pairing.NotPaired, match=f"Le Thu Minh is paired with Lê Thu Minh already, by {by}"):
        pairing.confirm(name.pk, second.pk, by=UserFactory())
    with pytest.raises(pairing.NotPaired, match="Lê Thu Minh is paired with line 1, Le Thu Minh"):
        pairing.confirm(other.pk, first.pk, by=by)
    with pytest.raises(pairing.NotPaired, match="Undo that first"):
        pairing.absent(name.pk, by=by)
    with pytest.raises(pairing.NotPaired, match="Undo that first"):
        pairing.deny(name.pk, first.pk, by=by)


def test_no_is_remembered_and_by_hand_takes_it_back(delegation, by):
    registration = person(delegation, "Hoàng Mai Chi")
    _, (name,) = letter_naming(delegation, "Hoang Thi Mai Chi")
    pairing.deny(name.pk, registration.pk, by=by)
    name.refresh_from_db()
    assert name.ruled_out == [registration.pk]
    pairing.confirm(name.pk, registration.pk, by=by)
    name.refresh_from_db()
    assert (name.registration, name.ruled_out) == (registration, [])


def test_undone_the_name_is_open_again(delegation, by):
    registration = person(delegation, "Lê Thu Minh")
    _, (name, gone) = letter_naming(delegation, "Le Thu Minh", "Do Quang Huy")
    pairing.confirm(name.pk, registration.pk, by=by)
    pairing.absent(gone.pk, by=by)
    for each in (name, gone):
        pairing.undo(each.pk, by=by)
    assert set(LetterName.objects.values_list("pairing", "registration")) == {("open", None)}
    assert [e["what"] for e in events(delegation)] == ["confirmed", "absent", "undone", "undone"]


def test_a_name_whose_person_does_not_come_may_be_somebody_else(delegation, by):
    old, new = person(delegation, "Lê Thu Minh"), person(delegation, "Anna Petrova")
    _, (name,) = letter_naming(delegation, "Le Thu Minh")
    pairing.confirm(name.pk, old.pk, by=by)
    type(old).objects.filter(pk=old.pk).update(status=Status.WITHDRAWN)
    pairing.confirm(name.pk, new.pk, by=by)
    name.refresh_from_db()
    assert name.registration == new


def test_nobody_off_the_roster_is_paired(delegation, by):
    _, (name,) = letter_naming(delegation, "Le Thu Minh")
    for registration in (
        person(delegation, "Le Thu Minh", status=Status.WITHDRAWN),
        person(DelegationFactory(category=delegation.category), "Le Thu Minh"),
        person(delegation, "Participant Y01", is_minor=True, email="", functional_title=""),
    ):
        with pytest.raises(pairing.NotPaired, match="not on the roster"):
            pairing.confirm(name.pk, registration.pk, by=by)


def test_names_of_an_old_letter_are_left_alone(delegation, by):
    registration = person(delegation, "Lê Thu Minh")
    old, (name,) = letter_naming(delegation, "Le Thu Minh")
    letter_naming(delegation, supersedes=old, version=2)
    for act in (lambda: pairing.confirm(name.pk, registration.pk, by=by), lambda: pairing.absent(name.pk, by=by)):
        with pytest.raises(pairing.NotPaired, match="A newer letter has come"):
            act()


def test_all_with_the_same_name_at_once_in_one_set_of_queries(delegation, by, django_assert_max_num_queries):
    people = [person(delegation, f"Person Number{n}") for n in range(5)]
    _, names = letter_naming(delegation, *(f"Mr. PERSON Number{n}" for n in range(5)))
    with django_assert_max_num_queries(9):
        done, refused = pairing.confirm_many([(n.pk, p.pk) for n, p in zip(names, people, strict=True)], by=by)
    assert (done, refused) == (5, [])
    assert reconcile.state_of(delegation).tally[reconcile.MATCHED] == 5


def test_a_child_is_taken_out_of_every_pair(delegation, by):
    registration = person(delegation, "Lê Thu Minh")
    _, (name,) = letter_naming(delegation, "Le Thu Minh")
    pairing.confirm(name.pk, registration.pk, by=by)
    pairing.forget(registration.pk)
    name.refresh_from_db()
    assert (name.pairing, name.registration) == (Pairing.OPEN, None)


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_one_name_at_once_pair_it_with_one(delegation, by):
    people = [person(delegation, f"Lê Thu Minh {n}") for n in range(4)]
    _, (name,) = letter_naming(delegation, "Le Thu Minh")
    results = at_once(*[lambda p=p: pairing.confirm(name.pk, p.pk, by=by) for p in people])
    assert sum(isinstance(r, pairing.NotPaired) for r in results) == 3
    assert sum(r is None for r in results) == 1
    assert len(events(delegation)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_names_for_one_person_at_once_one_holds(delegation, by):
    registration = person(delegation, "Lê Thu Minh")
    _, names = letter_naming(delegation, "Le Thu Minh", "Le Minh", "Minh Le", "Thu Minh Le")
    results = at_once(*[lambda n=n: pairing.confirm(n.pk, registration.pk, by=by) for n in names])
    assert sum(r is None for r in results) == 1
    assert LetterName.objects.filter(registration=registration).count() == 1


def at_once(*calls):
    barrier = Barrier(len(calls))

    def run(call):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
