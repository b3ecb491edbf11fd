"""The same person in two categories."""

import pytest

from registration.models import Likeness
from tests.factories import UserFactory
from tests.registration.participants.making import listed, names, own_profile, person, state

pytestmark = pytest.mark.django_db


def test_somebody_approved_in_two_categories_is_printed_in_the_first(meeting, twice):
    found = listed(meeting)
    assert [s.code for s in found.sections] == ["MEM"]
    both = listed(meeting, profile=own_profile(in_two_categories="each"))
    assert [s.code for s in both.sections] == ["MEM", "NGO"]


def test_accents_and_order_of_names_do_not_make_two_of_one(meeting, twice):
    first, second = twice
    first.display_name, second.display_name = "SÍLVA Ana", "Ana Silva"
    first.save(), second.save()
    assert names(listed(meeting)) == ["SÍLVA Ana"]


def test_a_shared_mailbox_makes_nobody_the_same_person(meeting, twice):
    second = twice[1]
    second.display_name = "Beni Baba"
    second.save()
    assert names(listed(meeting)) == ["Ana Silva", "Beni Baba"]


def test_the_same_name_alone_neither(meeting, twice):
    second = twice[1]
    second.email = "another@example.org"
    second.save()
    assert names(listed(meeting)) == ["Ana Silva"] * 2


def test_what_somebody_said_about_two_registrations_counts(meeting, twice):
    first, second = sorted(twice, key=lambda r: r.pk)
    alike = Likeness.objects.create(first=first, second=second, score=1, state="apart", decided_by=UserFactory())
    assert names(listed(meeting)) == ["Ana Silva"] * 2
    type(second).objects.filter(pk=second.pk).update(email="other@example.org", display_name="Ani Sylva")
    alike.state = Likeness.State.SAME
    alike.save()
    assert names(listed(meeting)) == ["Ana Silva"]


def test_one_person_who_speaks_for_two_states_stands_under_both(meeting, members):
    for code in ("NRU", "KIR"):
        person(state(members, code, en=code), email="ana@example.org")
    assert names(listed(meeting)) == ["Ana Silva"] * 2
