"""Ready reasons, under Setup: what delegates read in the mail, written once in each language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting
from meeting.scoped import MeetingScopedAdmin, meetings_run_by
from meeting.translated import MAIN, TranslatedFields, main, other_languages

from . import field_words
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
                "fields": ["meeting", ("use", "order"), "name", *main("text"), "fields_to_mend"],
                "description": _(
                    "Reviewers choose by the short name. The delegate reads the reason in their own language, or in "
                    "English where it is not written in theirs. Reviewers can change it before it is sent."
                ),
            },
        ),
        *other_languages("text"),
    ]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name != "fields_to_mend":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return forms.MultipleChoiceField(
            label=capfirst(db_field.verbose_name),
            choices=[(name, field_words.label(name)) for name in field_words.RETURNABLE],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text=_("Only for a reason to return: ticked when a reviewer chooses it."),
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """With the way to the usual reasons, for each meeting the reader runs."""
        mine = Meeting.objects.filter(pk__in=meetings_run_by(request, *self.roles))[:20]
        return super().changelist_view(request, {**(extra_context or {}), "meetings_run": mine})
