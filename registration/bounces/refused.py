"""Addresses that a mail server refuses while we are still talking to it: the same as a report that comes back later."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from ..mail import addresses
from ..models import MailEvent, MailState, OutgoingMail
from . import telling
from .report import Outcome, Report, is_dead, status_in

LOOKS_BACK = datetime.timedelta(days=2)
AT_ONCE = 200
What = MailEvent.What


def sweep() -> int:
    """Look at what failed since the last time; how many addresses do not work.

    Each message is looked at once, so that an address of which somebody has said that it works stays one that works.
    """
    looked_at = MailEvent.objects.filter(mail=OuterRef("pk"), what=What.BOUNCED)
    since = timezone.now() - LOOKS_BACK
    failed = OutgoingMail.objects.filter(state=MailState.FAILED, claimed_at__gt=since, last_error__startswith="5")
    found = failed.exclude(Exists(looked_at)).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    return sum(_look_at(pk) for pk in list(found))


def will_be_found(mail: OutgoingMail) -> bool:
    """Whether the address of `mail` was just refused for good, and the sweep has not come by yet."""
    if mail.state != MailState.FAILED or mail.events.filter(what=What.BOUNCED).exists():
        return False
    return is_dead(_report(mail))


def _report(mail: OutgoingMail) -> Report:
    return Report(Outcome.FAILED, status_in(mail.last_error), mail.last_error[:300])


@transaction.atomic
def _look_at(mail_id: int) -> bool:
    mail = OutgoingMail.objects.select_for_update().filter(pk=mail_id, state=MailState.FAILED).first()
    if mail is None:
        return False
    mail.events.create(what=What.BOUNCED, text=mail.last_error[:300])
    report = _report(mail)
    if not is_dead(report) or not addresses.mark(mail.to, answer=report.answer, mail=mail):
        return False
    telling.tell(mail)
    return True
