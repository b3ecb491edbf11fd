"""Meetings in the stock admin: what is set up there and others have to hear of, they are told."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from meeting.admin import MeetingAdmin
from meeting.models import Meeting

from .team import telling

admin.site.unregister(Meeting)


@admin.register(Meeting)
class ToldMeetingAdmin(MeetingAdmin):
    def save_model(self, request: HttpRequest, obj: Meeting, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "safeguarding_email" in form.changed_data:
            was = str(form.initial.get("safeguarding_email") or "")
            telling.tell_mailboxes(obj, was, by=request.user)  # type: ignore[arg-type]  # nobody else comes here
