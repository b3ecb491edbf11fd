"""Who does not want messages to many. What somebody decides about their own registration they are told all the same."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Lower

from meeting.models import Meeting

from ..mail import outbox
from ..mail.stopping import KINDS
from ..models import MessageChoice, OutgoingMail

SAID_NO = "Its reader does not want messages of this kind."


def wants(meeting: Meeting, email: str) -> bool:
    return not MessageChoice.objects.filter(meeting=meeting, email=email.lower()).exists()


@transaction.atomic
def say_no(meeting: Meeting, email: str) -> None:
    """From now on, and also to what waits to be sent. Twice is once."""
    MessageChoice.objects.get_or_create(meeting=meeting, email=email.lower())
    ours = OutgoingMail.objects.annotate(address=Lower("to")).filter(address=email.lower())
    outbox.stop_all(ours.filter(meeting=meeting, kind__in=KINDS), why=SAID_NO)


def say_yes(meeting: Meeting, email: str) -> None:
    MessageChoice.objects.filter(meeting=meeting, email=email.lower()).delete()
