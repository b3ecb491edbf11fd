"""Six digits mailed to the delegate: good for 20 minutes, in the browser that asked for them, for five tries."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..mail import outbox
from ..models import ChangeCode, Registration
from ..models.change import CODE_LASTS, CODE_TRIES

ASKED = "change_code"  # in the session: the code that this browser asked for
UNTIL = "may_change"  # and until when it may change which registration
PAUSE = datetime.timedelta(minutes=1)
A_DAY = datetime.timedelta(days=1)
AT_MOST_A_DAY = 12


@transaction.atomic
def ask(request: HttpRequest, registration: Registration) -> str:
    """Mail a code to the delegate; a sentence instead when one was sent just now."""
    # Locked, so that of two requests at once the second sees the code of the first.
    Registration.objects.select_for_update(no_key=True).only("pk").get(pk=registration.pk)
    now = timezone.now()
    sent = list(registration.change_codes.filter(created_at__gt=now - A_DAY).order_by("-created_at")[:AT_MOST_A_DAY])
    if sent and sent[0].created_at > now - PAUSE:
        return _("We sent a code less than a minute ago. Look for it in your mail, or ask again in a minute.")
    if len(sent) == AT_MOST_A_DAY:
        return _("Many codes were sent today, so we wait until tomorrow. Write to the organisers if it is urgent.")
    code = ChangeCode.objects.create(registration=registration)
    outbox.queue("change_code", registration, key=f"change-code-{code.pk}")
    request.session[ASKED] = code.pk
    return ""


@transaction.atomic
def enter(request: HttpRequest, registration: Registration, digits: str) -> str:
    """Let this browser change the registration; a sentence that says what to do when these are not the digits."""
    wanted = ChangeCode.objects.select_for_update().filter(pk=request.session.get(ASKED, 0), registration=registration)
    code = wanted.filter(used_at=None).first()
    if code is None:
        return _("No code was sent to this browser, or it is used up. Ask for one.")
    if not code.is_fresh:
        return _("This code is older than 20 minutes. Ask for a new one.")
    if code.tries >= CODE_TRIES:
        return _("The code was tried too often. Ask for a new one.")
    code.tries += 1
    if code.fits(digits):
        code.used_at = timezone.now()
        _open(request, registration, code.created_at + CODE_LASTS)
    code.save(update_fields=["tries", "used_at"])
    return "" if code.used_at else _not_it(CODE_TRIES - code.tries)


def _not_it(left: int) -> str:
    if not left:
        return _("This is not the code, and it was tried too often. Ask for a new one.")
    return ngettext(
        "This is not the code we sent last. Look at the newest message; you can try once more.",
        "This is not the code we sent last. Look at the newest message; you can try %(n)d times more.",
        left,
    ) % {"n": left}


def _open(request: HttpRequest, registration: Registration, until: datetime.datetime) -> None:
    request.session.cycle_key()
    request.session.pop(ASKED, None)
    request.session[UNTIL] = {str(registration.pk): until.timestamp()}


def has_asked(request: HttpRequest, registration: Registration) -> bool:
    """Whether a code that can still be used is on its way to whoever sits at this browser."""
    mine = registration.change_codes.filter(pk=request.session.get(ASKED, 0), used_at=None, tries__lt=CODE_TRIES)
    return mine.filter(created_at__gt=timezone.now() - CODE_LASTS).exists()


def may_change(request: HttpRequest, registration: Registration) -> bool:
    """Whether this browser has written the right code within the last 20 minutes."""
    until = request.session.get(UNTIL, {}).get(str(registration.pk), 0)
    return timezone.now().timestamp() < until
