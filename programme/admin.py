"""Setting up the programme: sessions, with their room, themes and parallel groups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from meeting.models import Role, Room
from meeting.scoped import MeetingScopedAdmin
from meeting.translated import TranslatedFields, main, other_languages

from .models import Session


class SessionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Session
        exclude: list[str] = []

    def clean(self) -> dict[str, Any]:
        """What a session points to belongs to its own meeting, also where somebody runs two."""
        cleaned = super().clean() or {}
        meeting = cleaned.get("meeting")
        for name in ("themes", "focus_areas"):
            if meeting and any(each.meeting_id != meeting.pk for each in cleaned.get(name, [])):
                self.add_error(name, ValidationError(_("Choose among those of this meeting.")))
        part_of = cleaned.get("part_of")
        if meeting and part_of and part_of.meeting_id != meeting.pk:
            self.add_error("part_of", ValidationError(_("Choose among those of this meeting.")))
        return cleaned


@admin.register(Session)
class SessionAdmin(TranslatedFields, MeetingScopedAdmin):
    roles = (Role.ORGANISER, Role.PROGRAMME)
    form = SessionForm
    list_display = ["title", "kind", "starts_at", "ends_at", "room", "access", "meeting"]
    list_filter = ["kind", "access"]
    list_select_related = ["room", "meeting"]
    search_fields = ["title", "agenda_item"]
    ordering = ["meeting", "starts_at", "pk"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "meeting",
                    "kind",
                    *main("title", "description"),
                    "agenda_item",
                    ("starts_at", "ends_at"),
                    "room",
                    "part_of",
                    "access",
                ],
            },
        ),
        (_("What it is about"), {"fields": ["themes", "focus_areas"]}),
        *other_languages("title", "description"),
    ]

    def offered(self, model: type[models.Model], request: HttpRequest) -> models.QuerySet[Any]:
        if model is Session:
            return super().offered(model, request).filter(part_of=None)
        if model is Room:
            return Room.objects.select_related("venue")
        return super().offered(model, request)
