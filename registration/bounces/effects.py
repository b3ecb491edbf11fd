"""What a report changes: the state of its message, the address, and who is told. One function, however it came."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from ..mail import addresses
from ..models import LEFT, MailEvent, MailState, OutgoingMail
from . import telling
from .report import Outcome, Report, is_dead

What = MailEvent.What
SPAM = gettext_noop("Its reader marked our message as spam.")
# A report proves that the server had the message, whatever we knew; only what was stopped never left.
COULD_BE_OUT = (MailState.SENDING, MailState.STUCK, MailState.FAILED, *LEFT)
MOST_EVENTS = 20  # of one kind about one message: whoever reports without end fills no table

log = structlog.get_logger("placard.mail")


@transaction.atomic
def apply(mail_id: int, report: Report, *, provider_id: str = "") -> bool:
    """Write down what `report` says. Twice is once; False where it was known already.

    What failed stays failed: a later "delivered" is of another copy, or out of order. A complaint is of a message that
    has arrived. Nothing is sent from here to whoever reports.
    """
    mail = OutgoingMail.objects.select_for_update().get(pk=mail_id)
    is_new = _note(mail, report)
    if is_new:
        _settle(mail, report, provider_id)
        if _names(mail, report) and is_dead(report) and addresses.mark(mail.to, answer=_answer(report), mail=mail):
            telling.tell(mail)
        log.info("report", mail=mail.pk, outcome=report.outcome.value, status=report.status)
    return is_new


def _note(mail: OutgoingMail, report: Report) -> bool:
    what = {
        Outcome.FAILED: What.BOUNCED,
        Outcome.DELAYED: What.DELAYED,
        Outcome.DELIVERED: What.DELIVERED,
        Outcome.COMPLAINED: What.DELIVERED,
    }[report.outcome]
    known = mail.events.filter(what=what)
    if known.filter(text=_answer(report)).exists() or known.count() >= MOST_EVENTS:
        return False
    mail.events.create(what=what, text=_answer(report))
    return True


def _answer(report: Report) -> str:
    return SPAM if report.outcome is Outcome.COMPLAINED else report.answer


def _settle(mail: OutgoingMail, report: Report, provider_id: str) -> None:
    to = {
        Outcome.FAILED: MailState.BOUNCED,
        Outcome.DELIVERED: MailState.DELIVERED,
        Outcome.COMPLAINED: MailState.DELIVERED,
    }.get(report.outcome)
    if provider_id and not mail.provider_id:
        mail.provider_id = provider_id[:200]
        mail.save(update_fields=["provider_id"])
    if to is None or not _could_be_out(mail) or mail.state in (MailState.BOUNCED, to):
        return
    # A worker that is just settling the same message finds it settled: it asks for what is being sent.
    mail.state, mail.settled_at, mail.sent_at = to, timezone.now(), mail.sent_at or timezone.now()
    mail.last_error = report.answer if to == MailState.BOUNCED else ""
    mail.save(update_fields=["state", "settled_at", "sent_at", "last_error"])


def _could_be_out(mail: OutgoingMail) -> bool:
    return mail.state in COULD_BE_OUT or (mail.state == MailState.QUEUED and mail.attempts > 0)


def _names(mail: OutgoingMail, report: Report) -> bool:
    """A report about somebody else, to whom the message was passed on, says nothing against the address we know."""
    return not report.recipients or mail.to.lower() in report.recipients
