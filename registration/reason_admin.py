"""Ready reasons, under Setup: what delegates read in the mail, written once in each language."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting
from meeting.scoped import MeetingScopedAdmin, meetings_run_by
from meeting.translated import MAIN, TranslatedFields, main, other_languages

from .models import CannedReason


@admin.register(CannedReason)
class CannedReasonAdmin(TranslatedFields, MeetingScopedAdmin):
    list_display = ["name", "use", "order", "meeting"]
    list_filter = ["use"]
    list_select_related = ["meeting"]
    search_fields = ["name", f"text_{MAIN}"]
    ordering = ["meeting", "use", "order", "pk"]
    fieldsets = [
        (
            None,
            {
                "fields": ["meeting", ("use", "order"), "name", *main("text")],
                "description": _(
                    "Reviewers choose by the short name. The delegate reads the reason in their own language, or in "
                    "English where it is not written in theirs. Reviewers can change it before it is sent."
                ),
            },
        ),
        *other_languages("text"),
    ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """With the way to the usual reasons, for each meeting the reader runs."""
        mine = Meeting.objects.filter(pk__in=meetings_run_by(request, *self.roles))[:20]
        return super().changelist_view(request, {**(extra_context or {}), "meetings_run": mine})
