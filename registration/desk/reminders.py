"""The reminders of a meeting, on one page: what, to whom, when, and how many would get it today."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from meeting.models import Meeting, User

from .. import rules
from ..models import review_limits
from ..reminders import due, ladder
from ..reminders.ladder import MOST_DAYS, Kind, Rung
from .access import StaffRequest, desk_view
from .campaigns import can_read

TO_WHOM = {
    Kind.INVITATION: gettext_lazy("Whoever was invited and has neither named a focal point nor said that nobody comes"),
    Kind.LETTER: gettext_lazy("People without a letter where one is needed; their focal points, where these act"),
    Kind.RETURNED: gettext_lazy("People whose registration came back to them; their focal points, where these act"),
    Kind.CLOSING: gettext_lazy("Focal points with rows that are not sent, people returned, invitations not answered"),
    Kind.ARRIVAL: gettext_lazy("Everybody approved who comes in person"),
}
WHEN = {
    Kind.INVITATION: gettext_lazy("days after the invitation"),
    Kind.LETTER: gettext_lazy("days after the registration"),
    Kind.RETURNED: gettext_lazy("days after it was returned"),
    Kind.CLOSING: gettext_lazy("days before registration closes"),
    Kind.ARRIVAL: gettext_lazy("days before the meeting begins"),
}


class RemindersForm(forms.Form):
    """A number of days and a switch for each rung."""

    def __init__(self, data: Any, rungs: list[Rung]) -> None:
        super().__init__(data, auto_id="id_%s")
        self.rungs = rungs
        for rung in rungs:
            what = {"what": str(rung.kind.label), "days": rung.days}
            told = _("%(what)s: write a number of days from 1 to %(most)d.") % {**what, "most": MOST_DAYS}
            self.fields[f"days-{rung.name}"] = forms.IntegerField(
                min_value=1,
                max_value=MOST_DAYS,
                initial=rung.days,
                label=_("Days: %(what)s") % what,
                error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), told),
            )
            self.fields[f"on-{rung.name}"] = forms.BooleanField(
                required=False, initial=rung.on_since is not None, label=_("On")
            )

    def clean(self) -> dict[str, Any]:
        """Two rungs of one kind on one day would be one."""
        cleaned = super().clean() or {}
        for kind in Kind:
            names = [rung.name for rung in self.rungs if rung.kind == kind]
            days = [cleaned.get(f"days-{name}") for name in names if f"days-{name}" not in self.errors]
            if len(set(days)) < len(days):
                self.add_error(
                    f"days-{names[-1]}", _("%(what)s: choose a different day for each.") % {"what": kind.label}
                )
        return cleaned

    def wanted(self) -> dict[str, tuple[int, bool]]:
        data = self.cleaned_data
        return {rung.name: (data[f"days-{rung.name}"], data[f"on-{rung.name}"]) for rung in self.rungs}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(can_read)
def reminders(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """All rungs; organisers change them."""
    organises = rules.can_organise(request.user, meeting)
    if request.method == "POST" and not organises:
        raise PermissionDenied
    rungs = ladder.of(meeting)
    form = RemindersForm(request.POST if request.method == "POST" else None, rungs)
    if request.method == "POST" and form.is_valid():
        changed = ladder.save(meeting, form.wanted(), by=request.user)
        messages.success(request, _said(changed))
        return redirect("admin:desk:reminders", meeting.slug)
    numbers = _numbers(request.user, meeting, rungs)
    context = {
        "meeting": meeting,
        "section": "messages",
        "form": form,
        "lines": [_line(form, rung, numbers) for rung in rungs],
        "hour": f"{meeting.digest_hour:02}:00",
        "organises": organises,
        "any_on": any(rung.on_since for rung in rungs),
    }
    return render(request, "desk/reminders.html", context, status=422 if form.errors else 200)


def _numbers(user: User, meeting: Meeting, rungs: list[Rung]) -> Counter[str] | None:
    """How many each would write to today; none for whoever may not know of all categories."""
    return None if meeting.pk in review_limits(user) else due.counts(meeting, rungs, timezone.now())


def _said(changed: int) -> str:
    if not changed:
        return _("Nothing was different.")
    return ngettext(
        "Saved. %d reminder is different from the next morning on.",
        "Saved. %d reminders are different from the next morning on.",
        changed,
    ) % changed  # fmt: skip


def _line(form: RemindersForm, rung: Rung, numbers: Counter[str] | None) -> dict[str, Any]:
    return {
        "rung": rung,
        "label": rung.kind.label,
        "whom": TO_WHOM[rung.kind],
        "when": WHEN[rung.kind],
        "days": form[f"days-{rung.name}"],
        "on": form[f"on-{rung.name}"],
        "today": "–" if numbers is None else numbers[rung.name],
    }
