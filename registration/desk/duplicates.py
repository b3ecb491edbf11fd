"""Possible duplicates: the list, the two side by side, and what somebody says about them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from meeting.models import Meeting

from .. import rules, workflow
from ..duplicates import find, pairs
from ..models import Likeness
from ..workflow import CHOOSABLE, MoveNotAllowed
from . import side_by_side
from .access import StaffRequest, desk_view

PAGE = 50
FIRST, SECOND = "first", "second"
SIDES = [(FIRST, FIRST), (SECOND, SECOND)]
HEADINGS = {
    pairs.HERE: gettext_lazy("At this meeting"),
    pairs.BEFORE: gettext_lazy("With the meeting before"),
    pairs.DECIDED: gettext_lazy("Decided"),
}


class AnswerForm(forms.Form):
    """What is said about a pair: merge them, with the side each field is taken from; keep them apart; the same."""

    answer = forms.ChoiceField(choices=[(a, a) for a in ("merge", "apart", "same")])
    keep = forms.ChoiceField(choices=SIDES, required=False)
    seen = forms.CharField(max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in CHOOSABLE:
            self.fields[f"from_{name}"] = forms.ChoiceField(choices=SIDES, required=False)

    def taken(self) -> set[str]:
        """The fields that come from the one that is not kept."""
        keep = self.cleaned_data["keep"]
        return {name for name in CHOOSABLE if self.cleaned_data[f"from_{name}"] not in ("", keep)}


@require_safe
@desk_view(rules.can_decide)
def duplicates(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Pairs by likeness, a page by key; under each tab how many."""
    view = request.GET.get("view", pairs.HERE)
    view = view if view in pairs.VIEWS else pairs.HERE
    place = pairs.Place.parse(request.GET.get("after", ""))
    wanted = pairs.after(pairs.of_meeting(meeting, request.user, view), place)
    found = list(side_by_side.with_people(wanted)[: PAGE + 1])
    rows, more = found[:PAGE], len(found) > PAGE
    counts = pairs.counts(meeting, request.user)
    context = {
        "meeting": meeting,
        "section": "people",
        "view": view,
        "tabs": [(v, HEADINGS[v], counts[v]) for v in pairs.VIEWS if counts[v] or v in (pairs.HERE, view)],
        "count": counts[pairs.HERE],
        "rows": [(pair, side_by_side.why(pair)) for pair in rows],
        "is_first_page": place is None,
        "following": str(pairs.Place(rows[-1].score, rows[-1].pk)) if more else "",
        "waiting": find.due().filter(meeting=meeting).within_limits(request.user)[: pairs.ENOUGH].count(),
    }
    return render(request, "desk/duplicates.html", context)


@require_POST
@desk_view(rules.can_decide)
def again(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Compare everybody of the meeting once more, in the background."""
    find.scan(meeting)
    messages.success(request, _("Everybody is compared once more. New pairs appear here within minutes."))
    return redirect("admin:desk:duplicates", meeting.slug)


@never_cache
@require_safe
@desk_view(rules.can_decide)
def duplicate(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    pair = _pair(request, meeting, pk)
    can_be_merged = workflow.can_be_merged(pair.first, pair.second)
    keep = side_by_side.better_kept(pair)
    context = {
        "meeting": meeting,
        "section": "people",
        "pair": pair,
        "is_open": pair.state == Likeness.State.OPEN,
        "can_be_merged": can_be_merged and pair.state == Likeness.State.OPEN,
        "across": pair.first.meeting_id != pair.second.meeting_id,
        "sides": side_by_side.sides(pair, keep, request.user),
        "lines": side_by_side.lines(pair, keep),
        "why": side_by_side.why(pair),
        "seen": workflow.as_seen(pair.first, pair.second),
    }
    return render(request, "desk/duplicate.html", context)


def _pair(request: StaffRequest, meeting: Meeting, pk: int) -> Likeness:
    """A pair of this meeting, or of this and the one before where the reader decides at both."""
    mine = side_by_side.with_people(pairs.seen_by(meeting, request.user))
    return get_object_or_404(mine, pk=pk)


@require_POST
@desk_view(rules.can_decide)
def decide(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    """Do what was said, then open the next pair."""
    if not pairs.seen_by(meeting, request.user).filter(pk=pk).exists():
        # Corrected away while it stood on the screen, or never there: the list says what there is.
        messages.info(request, _("This pair is no longer there: one of the two was corrected."))
        return redirect("admin:desk:duplicates", meeting.slug)
    pair, form = _pair(request, meeting, pk), AnswerForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Choose what these two are: one person, or two."))
        return redirect("admin:desk:duplicate", meeting.slug, pk)
    try:
        messages.success(request, _carry_out(pair, form, request))
    except MoveNotAllowed as refusal:
        messages.warning(request, str(refusal))
        return redirect("admin:desk:duplicate", meeting.slug, pk)
    return redirect(_next(request, meeting, pair))


def _carry_out(pair: Likeness, form: AnswerForm, request: StaffRequest) -> str:
    answer, by = form.cleaned_data["answer"], request.user
    names = {"one": pair.first.printed_name, "other": pair.second.printed_name}
    if answer == "apart":
        workflow.keep_apart(pair.pk, by=by)
        return _("%(one)s and %(other)s are two persons. Nobody is asked again.") % names
    if answer == "same":
        workflow.same_person(pair.pk, by=by)
        return _("%(one)s and %(other)s are one person. That is remembered; nothing was changed.") % names
    if not form.cleaned_data["keep"]:
        raise MoveNotAllowed(_("Choose which of the two registrations to keep."))
    keep = pair.first_id if form.cleaned_data["keep"] == FIRST else pair.second_id
    kept = workflow.merge(pair.pk, keep=keep, take=form.taken(), seen=form.cleaned_data["seen"], by=by)
    return _("Merged: %(who)s is registered once, as %(reference)s.") % {
        "who": kept.printed_name,
        "reference": kept.reference,
    }


def _next(request: StaffRequest, meeting: Meeting, decided: Likeness) -> str:
    """The pair that stood behind this one in its list, or the list when none is left."""
    view = pairs.HERE if decided.first.meeting_id == decided.second.meeting_id else pairs.BEFORE
    waiting = pairs.of_meeting(meeting, request.user, view).filter(~Q(pk=decided.pk))
    following = pairs.after(waiting, pairs.Place(decided.score, decided.pk)).first() or waiting.first()
    if following:
        return reverse("admin:desk:duplicate", args=[meeting.slug, following.pk])
    return f"{reverse('admin:desk:duplicates', args=[meeting.slug])}?view={view}"
