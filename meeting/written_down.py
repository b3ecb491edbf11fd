"""What is set up in the stock admin goes into the history of its meeting: field by field, old and new."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.files import File
from django.db.models import Model
from django.http import HttpRequest

from .models import AuditEntry, Meeting

LONGEST = 200
# That they were changed is written down; what they are is nobody's business.
SECRET = ("password", "password1", "password2", "usable_password")


class WrittenDown(admin.ModelAdmin):  # type: ignore[type-arg]
    """An admin whose additions, changes and deletions stand in the history.

    `written_elsewhere` are the fields whose changes go through the workflow, which writes them down itself.
    """

    history_action: str = AuditEntry.Action.SETUP
    written_elsewhere: frozenset[str] = frozenset()

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        found = changes(form, formsets or ())
        request.__dict__["_set_up"] = {k: v for k, v in found.items() if k not in self.written_elsewhere}
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self.write_down(request, obj, "added", request.__dict__.pop("_set_up", {}))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        if found := request.__dict__.pop("_set_up", {}):
            self.write_down(request, obj, "changed", found)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            self.write_down(request, obj, "deleted", {})
        return super().log_deletions(request, queryset)

    def write_down(self, request: HttpRequest, obj: Any, what: str, found: dict[str, list[str]]) -> None:
        # The line about a meeting that goes is of no meeting: it would keep the meeting.
        meeting = None if what == "deleted" and isinstance(obj, Meeting) else meeting_of(obj)
        about = f"{obj._meta.verbose_name}: {obj}"[:LONGEST]
        AuditEntry.objects.create(
            meeting=meeting,
            by=request.user,  # type: ignore[misc]
            action=self.history_action,
            about=about,
            detail={"what": what, **found},
        )


def meeting_of(obj: Any) -> Meeting | None:
    return obj if isinstance(obj, Meeting) else getattr(obj, "meeting", None)


def changes(form: Any, formsets: Iterable[Any]) -> dict[str, list[str]]:
    """Old and new of each field that was changed, in the form and in the rows under it."""
    found = _of_form(form)
    for formset in formsets:
        for row in formset.forms:
            if row in getattr(formset, "deleted_forms", ()):
                found[_row_name(row)] = [plain(str(row.instance)), ""]
            elif row.has_changed():
                found |= {f"{_row_name(row)}, {name}": pair for name, pair in _of_form(row).items()}
    return found


def _row_name(row: Any) -> str:
    return f"{row.instance._meta.verbose_name} {row.instance}"[:80]


def _of_form(form: Any) -> dict[str, list[str]]:
    changed = (name for name in form.changed_data if name not in ("DELETE", "reason"))
    return {name: _pair(form, name) for name in changed}


def _pair(form: Any, name: str) -> list[str]:
    if name in SECRET:
        return ["", ""]
    field, data = form.fields.get(name), getattr(form, "cleaned_data", {})
    return [plain(_pointed_to(field, form.initial.get(name))), plain(data.get(name))]


def _pointed_to(field: Any, value: Any) -> Any:
    """What a form calls by its number, by its name."""
    if isinstance(field, forms.ModelChoiceField) and isinstance(value, int):
        return field.queryset.filter(pk=value).first()  # type: ignore[union-attr]
    return value


def plain(value: Any) -> str:
    """A value as the history keeps it: a text, cut short where it is long."""
    if value is None:
        return ""
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, File):
        return _cut(str(value.name or ""))
    if isinstance(value, str | Model):
        return _cut(str(value))
    if isinstance(value, Iterable):
        return _cut(", ".join(plain(each) for each in value))
    return str(value)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
