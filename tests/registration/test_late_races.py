"""Two organisers, and an organiser and a delegate, at once."""

import datetime

import pytest
from django.utils import timezone

from registration import workflow
from registration.models import OutgoingMail, Status
from tests.factories import DelegationFactory, MeetingFactory, RegistrationFactory, UserFactory

from .test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    """Publishing is not the matter here."""
    monkeypatch.setattr("registration.tasks.send_mail.delay", lambda *args: None)


def test_two_organisers_at_once_leave_a_history_that_ends_in_what_stands():
    delegation, now = DelegationFactory(), timezone.now()
    people = [UserFactory() for _ in range(4)]
    at_once(
        *[
            lambda n=n, by=by: workflow.let_register_until(delegation.pk, until=now + n * HOUR, reason="Late", by=by)
            for n, by in enumerate(people, 1)
        ]
    )
    delegation.refresh_from_db()
    details = list(delegation.events.order_by("pk").values_list("detail", flat=True))
    assert len(details) == 4
    assert [d["was"] for d in details] == [None, *[d["until"] for d in details[:-1]]]
    assert details[-1]["until"] == delegation.open_until.isoformat()


def test_ending_and_sending_at_once_is_one_after_the_other():
    closed = MeetingFactory(
        registration_held_open=False,
        registration_opens_at=timezone.now() - 9 * HOUR,
        registration_closes_at=timezone.now() - HOUR,
    )
    delegation = DelegationFactory(category__meeting=closed, open_until=timezone.now() + HOUR)
    draft, by = RegistrationFactory(delegation=delegation, status=Status.DRAFT), UserFactory()
    sent, _ended = at_once(lambda: workflow.submit(draft.pk), lambda: workflow.end_exception(delegation.pk, by=by))
    draft.refresh_from_db()
    was_sent = draft.status == Status.SUBMITTED
    assert was_sent != isinstance(sent, workflow.MoveNotAllowed)
    assert OutgoingMail.objects.filter(kind="submitted").count() == was_sent
