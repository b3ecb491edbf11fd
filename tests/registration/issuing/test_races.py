"""Two at once: one letter, one number, none left out."""

import threading

import pytest
from django.db import connection

from registration import workflow
from registration.issuing.issue import Wanted, issue
from registration.issuing.standing import CannotIssue
from registration.models import IssuedKind, IssuedLetter, LetterSetup
from tests.factories import DelegationFactory

from .conftest import approved

pytestmark = pytest.mark.django_db(transaction=True)
Kind = IssuedKind


def at_once(*acts):
    """Each in a thread and a connection of its own, all from one starting line."""
    line, failed = threading.Barrier(len(acts)), []

    def run(act):
        try:
            line.wait()
            act()
        except CannotIssue:
            pass
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failed == []


def test_two_who_issue_the_same_letter_get_one():
    person = approved()
    at_once(*[lambda: issue(person.pk, Wanted(Kind.INVITATION, "en"))] * 6)
    assert IssuedLetter.objects.count() == 1
    assert LetterSetup.objects.get().last_number == 1


def test_many_at_once_are_numbered_without_a_gap():
    delegation = DelegationFactory()
    people = [approved(delegation=delegation) for _ in range(12)]
    at_once(*[lambda p=p: issue(p.pk, Wanted(Kind.CONFIRMATION, "en")) for p in people])
    assert sorted(IssuedLetter.objects.values_list("number", flat=True)) == list(range(1, 13))


def test_whoever_withdraws_while_the_letter_is_issued_has_no_valid_one():
    people = [approved() for _ in range(5)]
    acts = [lambda p=p: issue(p.pk, Wanted(Kind.CONFIRMATION, "en")) for p in people]
    at_once(*acts, *[lambda p=p: workflow.withdraw(p.pk) for p in people])
    assert not IssuedLetter.objects.valid().exists()
    numbers = list(IssuedLetter.objects.values_list("meeting", "number"))
    assert all(number == 1 for _meeting, number in numbers)
