"""Delegations as the organisers see them: all of them with what is missing, and each with its seats and people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from meeting.models import Meeting, User

from .. import rules, workflow
from ..focal import people as focal_people
from ..lists.filters import RegistrationFilter
from ..lists.order import OF_DELEGATIONS
from ..lists.paging import after
from ..lists.search import delegations_called, delegations_like
from ..models import Delegation, FocalPoint, Invitation, Letter, Registration, Status
from ..setup.forms import LateForm
from .access import StaffRequest, desk_view
from .queue import seats_in_use

PAGE = 100
NEWEST_EVENTS = 30


class DelegationFilter(RegistrationFilter):
    """Which delegations: by name, category, and what is missing."""

    needs = forms.ChoiceField(
        label=gettext_lazy("What is missing"),
        choices=[
            ("", gettext_lazy("Any")),
            ("answer", gettext_lazy("Invited, no answer")),
            ("focal_point", gettext_lazy("No focal point")),
            ("letter", gettext_lazy("No letter")),
            ("seats", gettext_lazy("Somebody waits for a seat")),
        ],
        required=False,
    )

    def narrow_delegations(self, delegations: QuerySet[Delegation]) -> QuerySet[Delegation]:
        if category := self.value("category"):
            delegations = delegations.filter(category=category)
        if words := self.value("q"):
            delegations = delegations.filter(
                pk__in=delegations_called(self.meeting, words) or delegations_like(self.meeting, words)
            )
        missing = {
            "answer": Q(is_invited=Invitation.State.SENT),
            "focal_point": Q(has_focal_point=False),
            "letter": Q(has_letter=False) & ~Q(category__required_documents=[]),
            "seats": Q(has_waiting=True),
        }
        return delegations.filter(missing[self.value("needs")]) if self.value("needs") else delegations


class QuotaForm(forms.Form):
    """How many seats a delegation has, and why."""

    limit = forms.ChoiceField(
        choices=[
            ("category", gettext_lazy("As its category says")),
            ("own", gettext_lazy("A number of its own")),
            ("none", gettext_lazy("No limit for this delegation")),
        ],
        widget=forms.RadioSelect,
        label=gettext_lazy("Seats"),
    )
    seats = forms.IntegerField(label=gettext_lazy("Number of seats"), min_value=0, max_value=10_000, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("Stands in the history of the delegation."),
        error_messages={"required": gettext_lazy("Give a reason: it stands in the history of the delegation.")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("limit") == "own" and data.get("seats") is None and "seats" not in self.errors:
            self.add_error("seats", gettext_lazy("Write how many seats the delegation has."))
        return data


@dataclass(frozen=True)
class Row:
    delegation: Any
    used: Any
    waiting: int


@require_safe
@desk_view(rules.can_read)
def delegations(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """All delegations in the order of the list, a page at a time."""
    asked = DelegationFilter(request.GET, meeting, request.user)
    wanted = asked.narrow_delegations(with_facts(known(meeting, request.user)))
    if place := _place(meeting, request.user, request.GET.get("after", "")):
        wanted = wanted.filter(after(OF_DELEGATIONS, place))
    found = list(wanted.select_related("category").order_by(*OF_DELEGATIONS)[: PAGE + 1])
    context = {
        "meeting": meeting,
        "section": "delegations",
        "filter": asked,
        "menus": [asked.menu("category"), asked.menu("needs")],
        "rows": rows_of(found[:PAGE]),
        "following": asked.query(after=found[PAGE - 1].reference) if len(found) > PAGE else "",
        "is_first_page": not request.GET.get("after"),
        "can_organise": rules.can_organise(request.user, meeting),
    }
    return render(request, "desk/delegations.html", context)


def with_facts(found: QuerySet[Delegation]) -> QuerySet[Delegation]:
    """Each with what is missing: its letter, its focal point, the answer to its invitation."""
    mine = {"delegation": OuterRef("pk")}
    latest = Invitation.objects.filter(**mine).order_by("-created_at", "-pk")
    return found.annotate(
        has_letter=Exists(Letter.objects.received().filter(**mine)),
        has_focal_point=Exists(FocalPoint.objects.active().filter(**mine)),
        has_waiting=Exists(Registration.objects.filter(**mine, status=Status.WAITLISTED)),
        is_invited=Subquery(latest.values("state")[:1]),
    )


def rows_of(found: list[Delegation]) -> list[Row]:
    used, waiting = seats_in_use(found), waiting_in(found)
    return [Row(d, used[d.pk], waiting.get(d.pk, 0)) for d in found]


def waiting_in(found: Iterable[Delegation]) -> dict[int, int]:
    asked = Registration.objects.filter(delegation__in=found, status=Status.WAITLISTED).order_by()
    return dict(asked.values_list("delegation").annotate(n=Count("pk")))


def known(meeting: Meeting, reader: User) -> QuerySet[Delegation]:
    """The meeting's delegations in the categories that the reader sees."""
    return Delegation.objects.filter(meeting=meeting).within_limits(reader)


def _place(meeting: Meeting, reader: User, reference: str) -> tuple[Any, ...] | None:
    return known(meeting, reader).filter(reference=reference).values_list(*OF_DELEGATIONS).first()


@require_safe
@desk_view(rules.can_read)
def one(request: StaffRequest, meeting: Meeting, delegation: str) -> HttpResponseBase:
    return show(request, meeting, find(meeting, delegation, request.user))


def find(meeting: Meeting, reference: str, reader: User) -> Delegation:
    found = with_facts(known(meeting, reader)).select_related("category", "entity", "meeting")
    return get_object_or_404(found, reference=reference)


def show(
    request: StaffRequest,
    meeting: Meeting,
    found: Delegation,
    *,
    quota: QuotaForm | None = None,
    late: LateForm | None = None,
) -> HttpResponseBase:
    """The delegation's page; with a form that came back, its errors."""
    form = quota or QuotaForm(initial=_limit_now(found), auto_id="quota_%s")
    late = late or LateForm(None, found)
    organises = rules.can_organise(request.user, meeting)
    context = {
        **(focal_people.section(found) if organises else {}),
        "meeting": meeting,
        "section": "delegations",
        "delegation": found,
        "row": rows_of([found])[0],
        "by_status": _by_status(found),
        "letters": Letter.objects.received().current().filter(delegation=found),
        "may_read_letters": rules.can_read_letters(request.user, meeting),
        "can_organise": organises,
        "form": form,
        "late": late,
        "why_closed": rules.why_closed(meeting, found.category),
        "late_address": workflow.late_address(found),
        "events": found.events.select_related("by").order_by("-at", "-pk")[:NEWEST_EVENTS],
    }
    return render(request, "desk/delegation.html", context, status=422 if form.errors or late.errors else 200)


def _limit_now(found: Delegation) -> dict[str, Any]:
    limit = "none" if found.quota_waived else "category" if found.quota is None else "own"
    return {"limit": limit, "seats": found.quota}


def _by_status(found: Delegation) -> list[tuple[str, Any, int]]:
    counted = found.registrations.without_children_who_left().order_by().values_list("status").annotate(n=Count("pk"))
    numbers = dict(counted)
    return [(s.value, s.label, numbers[s]) for s in Status if s in numbers]


@require_POST
@desk_view(rules.can_organise)
def quota(request: StaffRequest, meeting: Meeting, delegation: str) -> HttpResponseBase:
    """Raise, lower or waive the seats of a delegation, with a reason."""
    found, form = find(meeting, delegation, request.user), QuotaForm(request.POST, auto_id="quota_%s")
    if not form.is_valid():
        return show(request, meeting, found, quota=form)
    asked = form.cleaned_data
    seats = asked["seats"] if asked["limit"] == "own" else None
    changed = workflow.change_quota(
        found.pk, seats=seats, waived=asked["limit"] == "none", reason=asked["reason"], by=request.user
    )
    messages.success(request, _told(changed, request.user))
    return redirect("admin:desk:delegation", meeting.slug, delegation)


def _told(changed: Delegation, by: User) -> str:
    """What the change did, above all to whom it did nothing."""
    used = workflow.seats_used([changed.pk]).get(changed.pk, 0)
    offered = changed.registrations.filter(seat_offers__state="open").distinct().count()
    if changed.seats is not None and used > changed.seats:
        return _("%(used)d hold a seat and %(seats)d are allowed. Nobody loses a seat; nobody new gets one.") % {
            "used": used,
            "seats": changed.seats,
        }
    if offered:
        return _("The seats are changed. On offer to those who waited: %(offered)d.") % {"offered": offered}
    return _("The seats are changed.")
