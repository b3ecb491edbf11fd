"""Setting up meetings: the meeting with all that hangs on it, places, the directory of entities, roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .account import factors
from .collation import sort_key
from .models import (
    AuditEntry,
    Document,
    Entity,
    EntityName,
    FocusArea,
    Meeting,
    Milestone,
    Objective,
    Organiser,
    Role,
    Room,
    StaffRole,
    Theme,
    User,
    Venue,
)
from .scoped import MeetingScopedAdmin, OpenInline, ReadOnly, meetings_run_by
from .translated import TranslatedFields, in_every_language, main, other_languages
from .written_down import WrittenDown

__all__ = ["MeetingScopedAdmin"]


# The meeting


class MeetingInline(TranslatedFields, OpenInline, admin.StackedInline):  # type: ignore[type-arg]
    extra = 0
    classes = ["collapse"]


class OrganiserInline(MeetingInline):
    model = Organiser
    fields = ["order", "entity", *in_every_language("name", "acronym")]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "entity":
            kwargs["queryset"] = Entity.objects.listed().filter(kind__in=["un_body", "agency", "igo"]).with_names()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ObjectiveInline(MeetingInline):
    model = Objective
    fields = ["number", *in_every_language("text")]


class FocusAreaInline(MeetingInline):
    model = FocusArea
    fields = ["number", *in_every_language("text")]


class ThemeInline(MeetingInline):
    model = Theme
    fields = ["number", *in_every_language("title", "description")]


class MilestoneInline(MeetingInline):
    model = Milestone
    fields = ["order", "is_this_meeting", *in_every_language("when", "what")]


class DocumentInline(MeetingInline):
    model = Document
    fields = ["order", *in_every_language("title"), "language", "file", "is_published", "size"]
    readonly_fields = ["size"]
    # The stock widget links to the store, which is private.
    formfield_overrides = {models.FileField: {"widget": forms.FileInput}}


TEXTS = (
    "title",
    "subtitle",
    "short_title",
    "date_note",
    "lead",
    "introduction",
    "rapporteur",
    "rapporteur_note",
    "practical_information",
    "programme_note",
    "privacy_notice",
    "held_open_note",
)


@admin.register(Meeting)
class MeetingAdmin(TranslatedFields, MeetingScopedAdmin):
    meeting_path = "pk"
    list_display = ["short_title", "starts_on", "ends_on", "venue", "registration_held_open", "is_published"]
    list_select_related = ["venue"]
    search_fields = ["title", "short_title", "slug"]
    prepopulated_fields = {"slug": ["short_title_en"]}
    inlines = [OrganiserInline, ObjectiveInline, FocusAreaInline, ThemeInline, MilestoneInline, DocumentInline]
    fieldsets = [
        (None, {"fields": [*main("title", "subtitle", "short_title"), "slug", "is_published"]}),
        (
            _("Registration"),
            {
                "fields": [
                    "registration_held_open",
                    *main("held_open_note"),
                    ("registration_opens_at", "registration_closes_at"),
                    "seat_offer_hours",
                ],
                "description": _(
                    "Holding registration open takes people whatever the dates say; the note stands beside it."
                ),
            },
        ),
        (_("Deciding"), {"fields": [("decision_grace_minutes", "decision_days"), "digest_hour"]}),
        (
            _("When and where"),
            {"fields": [("starts_on", "ends_on"), "time_zone", *main("date_note"), "venue"]},
        ),
        (
            _("What the public page says"),
            {
                "fields": main(
                    "lead",
                    "introduction",
                    "rapporteur",
                    "rapporteur_note",
                    "practical_information",
                    "programme_note",
                )
            },
        ),
        (
            _("People’s data and contact"),
            {"fields": ["contact_email", *main("privacy_notice")]},
        ),
        (
            _("Children and young people"),
            {"fields": ["safeguarding_email", "children_per_chaperone", "same_sex_chaperone"]},
        ),
        (_("Names and references"), {"fields": ["reference_prefix", "name_profile", "membership_body", "previous"]}),
        *other_languages(*TEXTS),
    ]

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """No way to a public page that is not there yet."""
        return super().get_view_on_site_url(obj) if obj and obj.is_published else None

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Whoever makes a meeting decides on everybody's roles there.
        return bool(request.user.is_superuser)  # type: ignore[union-attr]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)  # type: ignore[union-attr]


# Places


class RoomInline(TranslatedFields, OpenInline, admin.StackedInline):  # type: ignore[type-arg]
    model = Room
    extra = 0
    fields = [*in_every_language("name"), "capacity", "floor"]


@admin.register(Venue)
class VenueAdmin(TranslatedFields, MeetingScopedAdmin):
    """Venues are shared: anybody who runs a meeting sees them, and changes those that no other meeting uses."""

    roles = (Role.ORGANISER, Role.PROGRAMME)
    list_display = ["name", "city", "step_free"]
    search_fields = ["name", "city"]
    inlines = [RoomInline]
    fieldsets = [
        (None, {"fields": [*main("name"), "short_name", "address", *main("city"), "country", "step_free"]}),
        *other_languages("name", "city"),
    ]

    def zone_of(self, request: HttpRequest, object_id: str | None) -> Any:
        return super().zone_of(request, None)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return admin.ModelAdmin.get_queryset(self, request)

    def may(self, request: HttpRequest, obj: Any, *roles: str) -> bool:
        return super().may(request, None, *roles)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return super().has_change_permission(request)
        others = obj.meetings.exclude(pk__in=meetings_run_by(request, *self.roles))
        return super().has_change_permission(request) and not others.exists()

    has_delete_permission = has_change_permission

    def offered(self, model: type[models.Model], request: HttpRequest) -> models.QuerySet[Any]:
        if model is Entity:
            return Entity.objects.listed().filter(kind="state").with_names()
        return super().offered(model, request)


# The directory


class EntityNameInline(OpenInline, admin.StackedInline):  # type: ignore[type-arg]
    model = EntityName
    extra = 0
    fields = [("language", "profile"), "name", "formal", ("valid_from", "valid_to"), "search_only", "source"]


@admin.register(Entity)
class EntityAdmin(MeetingScopedAdmin):
    """The directory is shared: all of it can be read.

    An organiser changes what delegates of theirs brought in, and only while no other meeting uses it; States and the
    bodies of the United Nations are the administrator's.
    """

    list_display = ["__str__", "kind", "acronym", "is_checked"]
    list_filter = ["is_checked", "kind"]
    search_fields = ["names__search_key", "acronym", "code"]
    inlines = [EntityNameInline]
    actions = ["mark_checked"]
    fields = ["code", "kind", "acronym", "ecosoc_status", "un_status", ("iso2", "iso3", "m49"), "is_checked"]

    def zone_of(self, request: HttpRequest, object_id: str | None) -> Any:
        return super().zone_of(request, None)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        # What somebody began to type and never sent is nobody's to check; it is forgotten with the draft.
        sent = Entity.objects.filter(delegations__registrations__submitted_at__isnull=False).values("pk")
        begun = Entity.objects.filter(is_checked=False, delegations__registrations__status="draft").exclude(pk__in=sent)
        return admin.ModelAdmin.get_queryset(self, request).exclude(pk__in=begun.values("pk")).prefetch_related("names")

    def may(self, request: HttpRequest, obj: Any, *roles: str) -> bool:
        return super().may(request, None, *roles)

    def changeable(self, request: HttpRequest) -> models.QuerySet[Entity]:
        """The entities that the reader may change or check."""
        if request.user.is_superuser:  # type: ignore[union-attr]
            return Entity.objects.all()
        mine = meetings_run_by(request, *self.roles)
        elsewhere = Q(delegations__isnull=False) & ~Q(delegations__meeting__in=mine)
        ours = Entity.objects.filter(kind__in=["ngo", "igo", "other"], delegations__meeting__in=mine)
        return ours.exclude(pk__in=Entity.objects.filter(elsewhere).values("pk")).distinct()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request)
        return allowed and (obj is None or self.changeable(request).filter(pk=obj.pk).exists())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)  # type: ignore[union-attr]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)  # type: ignore[union-attr]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A name put right here reaches the lists, where it is kept for each delegation."""
        before = listed_names(form.instance)
        super().save_related(request, form, formsets, change)
        for delegation, name in listed_names(form.instance).items():
            # One that somebody has named otherwise by hand stays so.
            if delegation.name == before.get(delegation, "") != name:
                delegation.name, delegation.sort_key = name, sort_key(name)
                delegation.save(update_fields=["name", "sort_key"])

    @admin.action(description=_("Checked: offer these in the public search"), permissions=["change"])
    def mark_checked(self, request: HttpRequest, queryset: models.QuerySet[Entity]) -> None:
        chosen = list(queryset.values_list("pk", flat=True))
        checked = list(self.changeable(request).filter(pk__in=chosen, is_checked=False))
        done = Entity.objects.filter(pk__in=self.changeable(request).filter(pk__in=chosen)).update(is_checked=True)
        for entity in checked:
            self.write_down(request, entity, "changed", {"is_checked": ["False", "True"]})
        self.message_user(request, ngettext("%d entity checked.", "%d entities checked.", done) % done)
        if left := len(chosen) - done:
            text = ngettext(
                "%d was left as it is: another meeting uses it, or it is the administrator’s.",
                "%d were left as they are: other meetings use them, or they are the administrator’s.",
                left,
            )
            self.message_user(request, text % left, messages.WARNING)


def listed_names(entity: Entity) -> dict[Any, str]:
    """For each delegation of the entity, what the directory calls it now in the style of that meeting."""
    named = Entity.objects.with_names().get(pk=entity.pk)
    return {
        delegation: named.name("en", profile=delegation.meeting.name_profile, on=delegation.meeting.starts_on)
        for delegation in named.delegations.select_related("meeting")
    }


# Roles and people


@admin.register(StaffRole)
class StaffRoleAdmin(ReadOnly, MeetingScopedAdmin):
    """A list to find somebody in; roles are given and taken in the table of their meeting, which writes it down."""

    list_display = ["user", "role", "meeting", "in_the_table"]
    list_filter = ["role"]
    list_select_related = ["user", "meeting"]
    search_fields = ["user__email", "user__name"]

    @admin.display(description=_("give and take"))
    def in_the_table(self, role: StaffRole) -> str:
        address = reverse("admin:desk:team", args=[role.meeting.slug])
        return format_html('<a href="{}">{}</a>', address, _("Colleagues and roles"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        found = self.get_object(request, unquote(object_id))
        if found is None:
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect("admin:desk:team", found.meeting.slug)


class UserCreationForm(BaseUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ["email", "name"]


@admin.register(User)
class PlacardUserAdmin(WrittenDown, UserAdmin):  # type: ignore[type-arg]
    """Accounts are the administrator's; what they may do at a meeting is its organisers' matter, under Roles."""

    history_action = AuditEntry.Action.ACCOUNT
    add_form = UserCreationForm
    ordering = ["email"]
    list_display = ["email", "name", "is_staff", "is_superuser", "is_active"]
    list_filter = ["is_staff", "is_superuser", "is_active"]
    search_fields = ["email", "name"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        (_("Access"), {"fields": ["is_active", "is_staff", "is_superuser", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "is_staff", "password1", "password2"]})]
    actions = ["reset_second_factor"]

    @admin.action(description=_("Reset the second factor, and sign out everywhere"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, queryset: models.QuerySet[User]) -> None:
        """For whoever has lost app, passkeys and recovery codes."""
        if not request.user.is_superuser:
            raise PermissionDenied
        chosen = list(queryset)
        for person in chosen:
            factors.take_away_all(person, by=request.user)  # type: ignore[arg-type]
        text = ngettext(
            "Done for %d person: they sign in with the password and set up a second factor anew.",
            "Done for %d people: they sign in with the password and set up a second factor anew.",
            len(chosen),
        )
        self.message_user(request, text % len(chosen))


admin.site.unregister(Group)  # roles are per meeting; groups would be a second way beside them
