"""What a provider tells by its webhook, in anymail's one form for all of them: the same as any other report."""

from __future__ import annotations

from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking

from ..mail.marks import NAME
from ..models import OutgoingMail
from . import effects, matching
from .report import Outcome, Report, plain, status_in

OUTCOMES = {
    EventType.BOUNCED: Outcome.FAILED,
    EventType.REJECTED: Outcome.FAILED,
    EventType.FAILED: Outcome.FAILED,
    EventType.DEFERRED: Outcome.DELAYED,
    EventType.DELIVERED: Outcome.DELIVERED,
    EventType.COMPLAINED: Outcome.COMPLAINED,
}
# A provider that keeps a list of addresses to which it does not deliver any more drops what we send there.
AT_FAULT = {RejectReason.INVALID, RejectReason.BOUNCED, RejectReason.SPAM, RejectReason.UNSUBSCRIBED}


def listen() -> None:
    """Signals are how anymail hands on what it has read and checked; of our own we have none."""
    tracking.connect(receive, dispatch_uid="registration.bounces.provider")


def receive(event: AnymailTrackingEvent, **_sent: Any) -> None:
    """Take in one event; those that say nothing about delivery, or are of no message of ours, are passed over."""
    outcome = OUTCOMES.get(event.event_type)
    mail = _find(event) if outcome else None
    if mail is not None and outcome is not None:
        effects.apply(mail.pk, _report(event, outcome), provider_id=str(event.message_id or ""))


def _find(event: AnymailTrackingEvent) -> OutgoingMail | None:
    """By the mark that it carries back, by our Message-ID where the provider keeps it, by the number it gave before.

    Only the provider knows the last one, and nobody else has the secret of the webhook.
    """
    known = str(event.message_id or "")
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    if mark := str(metadata.get(NAME) or ""):
        return matching.by_mark(mark)
    if found := matching.by_message_id(known if known.startswith("<") else f"<{known}>"):
        return found
    return OutgoingMail.objects.filter(provider_id=known).first() if known else None


def _report(event: AnymailTrackingEvent, outcome: Outcome) -> Report:
    told = str(event.mta_response or event.description or "")
    recipients = frozenset({str(event.recipient).lower()} if event.recipient else ())
    blames = event.reject_reason in AT_FAULT if event.reject_reason else None
    return Report(outcome, status_in(told), plain(told), recipients, blames)
