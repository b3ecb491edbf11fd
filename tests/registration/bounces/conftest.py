import pytest
from django.utils import timezone

from registration.mail.broker import publisher
from registration.models import MailState, OutgoingMail
from tests.factories import RegistrationFactory


@pytest.fixture
def unannounced(monkeypatch):
    """The ids that were to be announced to a worker; nothing reaches the broker."""
    announced: list[int] = []
    monkeypatch.setattr(publisher, "send_mail", announced.append)
    return announced


@pytest.fixture
def write(db, unannounced):
    """A message in the outbox, to the delegate of a registration of its own unless told otherwise."""

    def written(state=MailState.SENT, **values):
        registration = values.pop("registration", None) or RegistrationFactory(email="litia@example.org")
        left = {"sent_at": timezone.now()} if state in ("sent", "delivered", "bounced") else {}
        return OutgoingMail.objects.create(
            **{
                "key": f"message-{OutgoingMail.objects.count() + 1}",
                "meeting": registration.meeting,
                "registration": registration,
                "kind": "submitted",
                "to": registration.email,
                "language": "en",
                "subject": "We have your registration",
                "text": "…",
                "html": "…",
                "state": state,
                **left,
                **values,
            }
        )

    return written
