"""Which other systems read the attendees of the meeting: tokens made, seen and revoked by organisers."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from meeting.models import Meeting

from .. import rules
from ..api import tokens
from ..api.attendees import FIELDS
from ..models import ApiToken
from .access import StaffRequest, desk_view

MOST = 50  # usable ones of one meeting
LONGEST = datetime.timedelta(days=366)
USUAL = ["name", "title", "represents"]


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Which system"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Name the system that reads, such as “Badge printer”.")},
    )
    purpose = forms.CharField(
        label=gettext_lazy("What it is for"),
        min_length=10,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Say what it is for. It stands in the history."),
            "min_length": gettext_lazy("Say in a sentence what it is for. It stands in the history."),
        },
    )
    fields_read = forms.MultipleChoiceField(
        label=gettext_lazy("What it may read"),
        help_text=gettext_lazy("The reference always. Tick what it needs and nothing more."),
        choices=[(name, field.label) for name, field in FIELDS.items()],
        widget=forms.CheckboxSelectMultiple,
        initial=USUAL,
        error_messages={"required": gettext_lazy("Tick at least one.")},
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("The whole of this day, at most a year from now."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Say until which day it is needed."),
            "invalid": gettext_lazy("Write the day like 2008-09-30."),
        },
    )

    def __init__(self, data: Any, meeting: Meeting) -> None:
        self.zone = meeting.zone
        today = timezone.now().astimezone(self.zone).date()
        after = meeting.ends_on + datetime.timedelta(days=30)
        super().__init__(data, initial={"until": min(max(after, today), today + LONGEST)})

    def clean_until(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["until"]
        today = timezone.now().astimezone(self.zone).date()
        if not today <= day <= today + LONGEST:
            raise forms.ValidationError(_("Choose a day from today to a year from now."))
        return day

    @property
    def expires_at(self) -> datetime.datetime:
        """The end of the last day, where the meeting is."""
        after = self.cleaned_data["until"] + datetime.timedelta(days=1)
        return datetime.datetime.combine(after, datetime.time(), tzinfo=self.zone)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_organise)
def api_tokens(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Those there are, and on POST a new one, which is shown in the answer and never again."""
    form = TokenForm(request.POST if request.method == "POST" else None, meeting)
    shown = ""
    if form.is_valid() and _may_have_more(form, meeting):
        given = form.cleaned_data
        _row, shown = tokens.make(
            meeting, name=given["name"], purpose=given["purpose"], fields=given["fields_read"],
            expires_at=form.expires_at, by=request.user,
        )  # fmt: skip
        form = TokenForm(None, meeting)
    context = {
        "meeting": meeting,
        "section": "setup",
        "form": form,
        "shown": shown,
        "address": request.build_absolute_uri(f"/api/v1/meetings/{meeting.slug}/attendees"),
        "tokens": [
            (row, [FIELDS[name].label for name in row.fields if name in FIELDS])
            for row in ApiToken.objects.filter(meeting=meeting).select_related("made_by", "revoked_by")
        ],
    }
    return render(request, "desk/api_tokens.html", context, status=422 if form.errors else 200)


def _may_have_more(form: TokenForm, meeting: Meeting) -> bool:
    if ApiToken.objects.usable().filter(meeting=meeting).count() < MOST:
        return True
    form.add_error(None, _("There are %(most)d that count already. Revoke one first.") % {"most": MOST})
    return False


@require_POST
@desk_view(rules.can_organise)
def api_revoke(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    row = get_object_or_404(ApiToken, meeting=meeting, pk=pk)
    tokens.revoke(row, by=request.user)
    messages.success(request, _("“%(name)s” reads nothing any more. What it has read, it has.") % {"name": row.name})
    return redirect("admin:desk:api_tokens", meeting.slug)
