"""The messages that a delegate was sent, on their own page: what has left, to read once more."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..mail.links import CODE, CODED, PLACEHOLDER
from ..models import LEFT, MailState, OutgoingMail, Registration, Status
from .access import context_of, opened

LATEST = 4  # on the page itself; the others are a click away
MOST = 200
BECAME: dict[str, str | Promise] = {
    MailState.SENT: gettext_lazy("Sent"),
    MailState.DELIVERED: gettext_lazy("Delivered"),
    MailState.BOUNCED: gettext_lazy("Came back: it did not reach you"),
}


@dataclass(frozen=True)
class Sent:
    """One message as its reader may see it. `to` is masked where it is not the address of today."""

    mail: OutgoingMail
    became: str
    to: str


def sent_to(registration: Registration) -> QuerySet[OutgoingMail]:
    """What has left, is about this person and went to them; newest first. What went to a focal point is theirs."""
    mails = registration.outgoing_mails.filter(state__in=LEFT, focal_user=None)
    return mails.order_by("-sent_at", "-pk")


def listed(registration: Registration, most: int = MOST) -> list[Sent]:
    return [_shown(mail, registration) for mail in sent_to(registration).defer("text", "html")[:most]]


def _shown(mail: OutgoingMail, registration: Registration) -> Sent:
    is_of_today = mail.to.lower() == registration.email.lower()
    return Sent(mail, str(BECAME[mail.state]), mail.to if is_of_today else masked(mail.to))


def masked(email: str) -> str:
    """Enough to recognise one's own address by, and too little to learn somebody's: l…@ministry.gov.fj."""
    name, _at, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"


def readable(mail: OutgoingMail) -> str:
    """The text part, in which the places of link and code say what stood there."""
    text = mail.text.replace(CODE, "······") if mail.kind == CODED else mail.text
    return text.replace(PLACEHOLDER, _("(the link to your own page)"))


@never_cache
@require_safe
def messages(request: HttpRequest, key: str) -> HttpResponse:
    """All of them."""
    registration = opened(request, key)
    if registration.status == Status.DRAFT:
        return redirect("registration:check", registration.meeting.slug, key)
    context = context_of(registration, key, mails=listed(registration))
    return render(request, "registration/own_messages.html", context)


@never_cache
@require_safe
def message(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """One of them, as text."""
    registration = opened(request, key)
    if registration.status == Status.DRAFT:
        raise Http404
    mail = get_object_or_404(sent_to(registration), pk=pk)
    context = context_of(registration, key, sent=_shown(mail, registration), text=readable(mail))
    return render(request, "registration/own_message.html", context)
