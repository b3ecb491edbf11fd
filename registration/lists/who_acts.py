"""Who must act next on a registration, as a condition: the queue is divided by it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..models import Category, SeatOffer, Status, Typist


class Acts(TextChoices):
    US = "us", pgettext_lazy("who must act", "Us")
    DELEGATE = "delegate", _("The delegate")
    FOCAL_POINT = "focal", _("Focal point")
    SAFEGUARDING = "safeguarding", _("Safeguarding lead")
    WAITING_LIST = "line", _("Waiting list")


WAITING_FOR = {
    Acts.US: _("Waiting for us"),
    Acts.DELEGATE: _("Waiting for the delegate"),
    Acts.FOCAL_POINT: _("Waiting for the focal point"),
    Acts.SAFEGUARDING: _("Waiting for the safeguarding lead"),
    Acts.WAITING_LIST: _("On the waiting list"),
}
STATUS_OF = {
    Acts.US: Status.SUBMITTED,
    Acts.DELEGATE: Status.RETURNED,
    Acts.FOCAL_POINT: Status.SUBMITTED,
    Acts.SAFEGUARDING: Status.SUBMITTED,
    Acts.WAITING_LIST: Status.WAITLISTED,
}


def condition(acts: str, categories: Iterable[Category]) -> Q:
    """Those on whom `acts` must act next. `categories` are the meeting's."""
    if acts == Acts.DELEGATE:
        return Q(status=Status.RETURNED) | Q(has_an_offer(), status=Status.WAITLISTED)
    if acts == Acts.WAITING_LIST:
        return Q(status=Status.WAITLISTED) & ~Q(has_an_offer())
    if acts == Acts.SAFEGUARDING:
        return Q(status=Status.SUBMITTED, is_minor=True)
    if acts == Acts.FOCAL_POINT:
        return Q(status=Status.SUBMITTED, is_minor=False) & (_not_endorsed(categories) or Q(pk__in=[0]))
    waiting = Q(status=Status.SUBMITTED, is_minor=False)
    unsaid = _not_endorsed(categories)
    return waiting & ~unsaid if unsaid else waiting


def has_an_offer() -> Exists:
    return Exists(SeatOffer.objects.filter(registration=OuterRef("pk"), state=SeatOffer.State.OPEN))


def _not_endorsed(categories: Iterable[Category]) -> Q:
    """Nothing where no focal point is asked: most meetings, and a shorter question."""
    endorsed = [c.pk for c in categories if c.typist == Typist.ENDORSED]
    return Q(endorsed_at=None, delegation__category__in=endorsed) if endorsed else Q()
