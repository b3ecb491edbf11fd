"""Admin classes that know one thing more than Django's: what belongs to a meeting is run by those with a role there."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.utils import unquote
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .models import Meeting, Role
from .written_down import WrittenDown


def meetings_run_by(request: HttpRequest, *roles: str) -> frozenset[int]:
    """The meetings at which the reader has one of `roles`; asked once a request."""
    known = request.__dict__.setdefault("_meetings_run", {})
    if roles not in known:
        known[roles] = frozenset(Meeting.objects.with_role(request.user, *roles).values_list("pk", flat=True))
    return known[roles]


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than anybody pages; what lies beyond is found by searching."""

    MOST = 10_000

    @cached_property
    def count(self) -> int:  # type: ignore[override]
        return self.object_list.order_by()[: self.MOST].count()  # type: ignore[attr-defined]


class Day(forms.DateInput):
    """The browser's own field for a day: it is used by keyboard, by touch and by voice as every other field is."""

    input_type = "date"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"class": "day", **(attrs or {})}, format="%Y-%m-%d")


class Hour(forms.TimeInput):
    """The same for an hour."""

    input_type = "time"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"class": "hour", **(attrs or {})}, format="%H:%M")


class DateAndTime(forms.SplitDateTimeWidget):
    """Two inputs for one moment, each with a name that can be heard."""

    def __init__(self, attrs: Any = None) -> None:
        forms.MultiWidget.__init__(self, [Day({"aria-label": _("Date")}), Hour({"aria-label": _("Time")})], attrs)


# What Django's admin draws by script, with a calendar of links that nobody reaches by keyboard.
OWN_FIELDS: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": DateAndTime},
    models.DateField: {"widget": Day},
    models.TimeField: {"widget": Hour},
}


class OpenInline:
    """Inlines are as open as the page they stand on, which its own admin guards."""

    formfield_overrides: ClassVar[Any] = OWN_FIELDS

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_change_permission = has_delete_permission = has_view_permission


class MeetingScopedAdmin(WrittenDown):
    """Everything of the meetings at which the reader has one of `roles`, and nothing of any other.

    `meeting_path` leads from the model to its meeting. Related objects offered in forms are limited the same way.
    """

    meeting_path = "meeting"
    roles: tuple[str, ...] = (Role.ORGANISER,)
    readers: tuple[str, ...] = ()  # see, and change nothing
    show_full_result_count = False
    paginator = CappedPaginator
    formfield_overrides = OWN_FIELDS

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        mine = meetings_run_by(request, *self.roles, *self.readers)
        return super().get_queryset(request).filter(**{f"{self.meeting_path}__in": mine})

    def may(self, request: HttpRequest, obj: Any, *roles: str) -> bool:
        """Whether the reader has one of `roles` at the meeting of `obj`, or at any meeting when there is none."""
        if not (request.user.is_active and request.user.is_staff):  # type: ignore[union-attr]
            return False
        mine = meetings_run_by(request, *roles)
        if obj is None:
            return bool(mine)
        found = type(obj)._default_manager.filter(pk=obj.pk, **{f"{self.meeting_path}__in": mine})
        return bool(mine) and found.exists()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request, None, *self.roles, *self.readers)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, obj, *self.roles, *self.readers)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, obj, *self.roles)

    has_delete_permission = has_change_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request, None, *self.roles)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form speaks in the meeting's own time: nobody in Bangkok should have to count in UTC."""
        zone = self.zone_of(request, object_id)
        with timezone.override(zone):
            context = {**(extra_context or {}), "clock_zone": str(zone)}
            response = super().changeform_view(request, object_id, form_url, context)
            # Rendered here: later the clocks would be UTC again.
            return response.render() if hasattr(response, "render") else response

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        with timezone.override(self.zone_of(request, None)):
            response = super().changelist_view(request, extra_context)
            return response.render() if hasattr(response, "render") else response

    def zone_of(self, request: HttpRequest, object_id: str | None) -> datetime.tzinfo:
        """The zone of the object's meeting; for a new object that of one's meetings, when they have only one."""
        obj = self.get_object(request, unquote(object_id)) if object_id else None
        meetings = Meeting.objects.filter(pk__in=meetings_run_by(request, *self.roles, *self.readers))
        if obj is not None:
            own = type(obj)._default_manager.filter(pk=obj.pk).values(self.meeting_path)
            meetings = meetings.filter(pk__in=own)
        zones = set(meetings.order_by().values_list("time_zone", flat=True).distinct()[:2])
        return zoneinfo.ZoneInfo(zones.pop()) if len(zones) == 1 else datetime.UTC

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self.offered(db_field.remote_field.model, request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self.offered(db_field.remote_field.model, request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def offered(self, model: type[models.Model], request: HttpRequest) -> models.QuerySet[Any]:
        """What a form may point to: of models that belong to a meeting, only those of one's own."""
        offered = model._default_manager.all()
        mine = meetings_run_by(request, *self.roles)
        if model is Meeting:
            return offered.filter(pk__in=mine)
        if any(field.name == "meeting" for field in model._meta.get_fields()):
            return offered.filter(meeting__in=mine)
        return offered


class ReadOnly:
    """Looked at, never changed by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_delete_permission = has_change_permission
