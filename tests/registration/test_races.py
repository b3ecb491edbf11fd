"""Two connections at once, on real PostgreSQL: one wins, and nothing happens twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from registration import workflow
from registration.models import OutgoingMail, Registration, RegistrationEvent, Status
from tests.factories import RegistrationFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
RUNNERS = 6


def at_once(*calls):
    """Run every call on a connection of its own, all released together; results or exceptions in order."""
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


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    """Publishing is not the matter here."""
    monkeypatch.setattr("registration.tasks.send_mail.delay", lambda *args: None)


def test_submitting_a_draft_at_once_makes_one_registration_and_one_mail():
    draft = RegistrationFactory(status=Status.DRAFT)
    results = at_once(*[lambda: workflow.submit(draft.pk)] * RUNNERS)
    assert [r.status for r in results] == [Status.SUBMITTED] * RUNNERS
    assert RegistrationEvent.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_approving_at_once_one_reviewer_wins_and_the_others_are_told():
    registration = RegistrationFactory()
    reviewers = [UserFactory() for _ in range(RUNNERS)]
    results = at_once(*[lambda r=r: workflow.approve(registration.pk, by=r) for r in reviewers])
    refusals = [r for r in results if isinstance(r, workflow.MoveNotAllowed)]
    assert len(refusals) == RUNNERS - 1
    assert all("approved already" in str(r) for r in refusals)
    assert OutgoingMail.objects.count() == 1
    assert RegistrationEvent.objects.count() == 1


@pytest.mark.parametrize("limit", ["delegation__quota", "delegation__category__quota"])
def test_the_last_seat_goes_to_one(limit):
    first = RegistrationFactory(status=Status.DRAFT, **{limit: 1})
    drafts = [first, *RegistrationFactory.create_batch(RUNNERS - 1, status=Status.DRAFT, delegation=first.delegation)]
    at_once(*[lambda d=d: workflow.submit(d.pk) for d in drafts])
    statuses = sorted(Registration.objects.values_list("status", flat=True))
    assert statuses == [Status.SUBMITTED] + [Status.WAITLISTED] * (RUNNERS - 1)


def test_a_seat_freed_while_others_join_the_line_is_not_lost():
    seated = RegistrationFactory(delegation__quota=1)
    draft = RegistrationFactory(status=Status.DRAFT, delegation=seated.delegation)
    by = UserFactory()
    at_once(lambda: workflow.submit(draft.pk), lambda: workflow.reject(seated.pk, by=by, reason="No letter."))
    draft.refresh_from_db()
    assert draft.status == Status.SUBMITTED
