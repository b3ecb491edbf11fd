"""Setting up who comes, and looking at what was sent. Registrations themselves are decided on at the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from meeting.collation import sort_key
from meeting.models import AuditEntry, Entity, EntityKind, Meeting
from meeting.scoped import MeetingScopedAdmin, ReadOnly, meetings_run_by
from meeting.translated import TranslatedFields, main, other_languages

from . import workflow
from .letter_admin import LetterheadAdmin, LetterSetupAdmin
from .mail import outbox
from .meeting_admin import ToldMeetingAdmin
from .models import (
    READERS,
    Category,
    Delegation,
    LetterKind,
    OutgoingMail,
    Registration,
    Standing,
)
from .pace_admin import DomainPaceAdmin
from .question_admin import QuestionAdmin
from .reason_admin import CannedReasonAdmin

__all__ = [
    "CannedReasonAdmin",
    "DomainPaceAdmin",
    "LetterSetupAdmin",
    "LetterheadAdmin",
    "QuestionAdmin",
    "ToldMeetingAdmin",
]

# What a mail may show in a preview: its own styles, and nothing from anywhere.
PREVIEW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'; form-action 'none'"


class CategoryForm(forms.ModelForm):  # type: ignore[type-arg]
    reason = forms.CharField(
        label=_("Reason for other seats"),
        max_length=500,
        required=False,
        help_text=_("Needed where you change the seats of a category that has people; it stands in the history."),
    )
    required_documents = forms.MultipleChoiceField(
        label=_("Required documents"),
        choices=LetterKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Any one of those ticked; none ticked: no letter is needed."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of entity"), choices=EntityKind.choices, widget=forms.CheckboxSelectMultiple
    )
    standings = forms.MultipleChoiceField(
        label=_("Standing in the body"),
        choices=Standing.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None ticked: any."),
    )

    class Meta:
        model = Category
        exclude: list[str] = []

    @property
    def changes_seats(self) -> bool:
        return bool(self.instance.pk) and bool({"quota", "delegation_quota"} & set(self.changed_data))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.changes_seats and self.instance.delegations.exists() and not (data.get("reason") or "").strip():
            self.add_error("reason", _("Say why the seats change: it stands in the history of the meeting."))
        return data


@admin.register(Category)
class CategoryAdmin(TranslatedFields, MeetingScopedAdmin):
    written_elsewhere = frozenset({"quota"})
    form = CategoryForm
    list_display = ["name", "code", "order", "represents", "typist", "delegation_quota", "is_open", "meeting"]
    list_filter = ["represents", "is_open"]
    list_select_related = ["meeting"]
    ordering = ["meeting", "order"]
    fieldsets = [
        (None, {"fields": ["meeting", "code", "order", *main("name"), "represents", "kinds", "standings"]}),
        (
            _("What it asks for"),
            {
                "fields": [
                    "typist",
                    "two_approvals",
                    "by_invitation",
                    "for_children",
                    "required_documents",
                    "is_open",
                    "closes_at",
                ],
            },
        ),
        (
            _("Seats"),
            {
                "fields": ["quota", "delegation_quota", "reason"],
                "description": _("Fewer seats take nobody’s away; more are offered to those who have waited longest."),
            },
        ),
        (_("List and badge"), {"fields": ["listing", "publication", "badge_colour"]}),
        *other_languages("name"),
    ]

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        """Other seats go through the workflow, which counts, offers and writes down."""
        if not (change and form.changes_seats):
            super().save_model(request, obj, form, change)
            return
        seats, obj.quota = obj.quota, form.initial["quota"]
        super().save_model(request, obj, form, change)
        reason = form.cleaned_data["reason"] or str(_("Set up"))
        workflow.change_category_quota(obj.pk, seats=seats, reason=reason, by=request.user)  # type: ignore[arg-type]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """With the way to the official categories, for each meeting the reader runs."""
        mine = Meeting.objects.filter(pk__in=meetings_run_by(request, *self.roles))[:20]
        return super().changelist_view(request, {**(extra_context or {}), "meetings_run": mine})


@admin.register(Delegation)
class DelegationAdmin(MeetingScopedAdmin):
    list_display = ["name", "category", "quota", "meeting"]
    list_select_related = ["category", "meeting"]
    search_fields = ["name", "entity__names__search_key", "entity__acronym"]
    ordering = ["meeting", "category__order", "sort_key"]
    fields = ["meeting", "category", "entity", "name", "quota", "at_the_desk"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # People are registered under these: a delegation that was meant otherwise is another one.
        # Seats change at the desk, with a reason, and those who wait are told.
        return ["meeting", "category", "entity", "quota", "at_the_desk"] if obj else ["at_the_desk"]

    @admin.display(description=_("seats, focal points, letters"))
    def at_the_desk(self, delegation: Delegation) -> str:
        if not delegation.pk:
            return "-"
        address = reverse("admin:desk:delegation", args=[delegation.meeting.slug, delegation.reference])
        return format_html('<a href="{}">{}</a>', address, _("Open at the desk"))

    def offered(self, model: type[models.Model], request: HttpRequest) -> models.QuerySet[Any]:
        if model is Entity:
            return Entity.objects.with_names()
        return super().offered(model, request)

    def save_model(self, request: HttpRequest, obj: Delegation, form: Any, change: bool) -> None:
        obj.sort_key = sort_key(obj.name)
        super().save_model(request, obj, form, change)


@admin.register(Registration)
class RegistrationAdmin(ReadOnly, MeetingScopedAdmin):
    """Only a signpost: whoever follows a link to a registration in the admin comes to its page at the desk."""

    roles = READERS

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        found: Any = super().get_queryset(request)
        return found.without_children_who_left().within_limits(request.user)  # type: ignore[no-any-return]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # nothing to set up

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:desk:start")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        found = get_object_or_404(
            Registration.objects.visible_to(request.user).select_related("meeting"), pk=unquote(object_id)
        )
        return redirect("admin:desk:registration", found.meeting.slug, found.reference)


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnly, MeetingScopedAdmin):
    list_display = ["created_at", "to", "subject", "kind", "state", "attempts"]
    list_filter = ["state", "kind"]
    search_fields = ["to", "subject"]
    ordering = ["-created_at"]
    actions = ["try_again", "send_now"]
    fieldsets = [
        (None, {"fields": ["subject", "to", "reply_to", "language", "kind", "with_calendar", "page"]}),
        (_("Sending"), {"fields": ["state", "attempts", "created_at", "not_before", "sent_at", "last_error"]}),
        (_("Message"), {"fields": ["plain_text", "preview"]}),
    ]
    readonly_fields = ["page", "plain_text", "preview"]

    def get_urls(self) -> list[Any]:
        preview = path("<int:pk>/html/", self.admin_site.admin_view(self.html), name="registration_outgoingmail_html")
        return [preview, *super().get_urls()]

    def html(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The HTML part by itself, in a page that can run nothing and load nothing."""
        mail = get_object_or_404(self.get_queryset(request).select_related("registration"), pk=pk)
        self.write_reading_down(request, mail)
        response = HttpResponse(mail.html)
        response["Content-Security-Policy"] = PREVIEW_POLICY
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        mail = self.get_object(request, unquote(object_id))
        if mail is not None:
            self.write_reading_down(request, mail)
        return super().change_view(request, object_id, form_url, extra_context)

    def write_reading_down(self, request: HttpRequest, mail: OutgoingMail) -> None:
        """Somebody's mail was read: the words may be as private as a letter."""
        AuditEntry.objects.create(
            meeting=mail.meeting,
            by=request.user,  # type: ignore[misc]
            action=AuditEntry.Action.READ_MAIL,
            subject=mail.registration.reference if mail.registration else "",
            detail={"kind": mail.kind},
        )

    @admin.display(description=_("registration"))
    def page(self, mail: OutgoingMail) -> str:
        if mail.registration is None:
            return "-"
        address = reverse("admin:desk:registration", args=[mail.meeting.slug, mail.registration.reference])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', address, mail.registration)

    @admin.display(description=_("text"))
    def plain_text(self, mail: OutgoingMail) -> str:
        return format_html('<pre class="mail-text" dir="auto">{}</pre>', mail.text)

    @admin.display(description=_("HTML"))
    def preview(self, mail: OutgoingMail) -> str:
        address = reverse("admin:registration_outgoingmail_html", args=[mail.pk])
        return format_html(
            '<a href="{}" target="_blank" rel="noopener">{}</a>', address, _("Open as the delegate sees it")
        )

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return self.may(request, None, *self.roles)

    @admin.action(description=_("Try again (failed or unclear)"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: models.QuerySet[OutgoingMail]) -> None:
        chosen = list(queryset.values_list("pk", flat=True))
        again = sum(outbox.send_again(pk, by=request.user) for pk in chosen)  # type: ignore[arg-type]
        self.message_user(request, ngettext("%d message is sent again.", "%d messages are sent again.", again) % again)
        if left := len(chosen) - again:
            text = ngettext("%d was left alone: it has not failed.", "%d were left alone: they have not failed.", left)
            self.message_user(request, text % left, messages.WARNING)

    @admin.action(description=_("Send now (waiting)"), permissions=["retry"])
    def send_now(self, request: HttpRequest, queryset: models.QuerySet[OutgoingMail]) -> None:
        """What tells of a decision that can still be undone is told then, and can no more be undone."""
        chosen = list(queryset)
        gone = sum(self._hurried(mail, request) for mail in chosen)
        self.message_user(request, ngettext("%d message leaves now.", "%d messages leave now.", gone) % gone)
        if left := len(chosen) - gone:
            text = ngettext("%d was left alone: it does not wait.", "%d were left alone: they do not wait.", left)
            self.message_user(request, text % left, messages.WARNING)

    def _hurried(self, mail: OutgoingMail, request: HttpRequest) -> bool:
        if mail.registration_id is None:
            return outbox.hurry(mail, together=mail.key)
        try:
            workflow.send_message_now(mail.pk, by=request.user)  # type: ignore[arg-type]
        except workflow.MoveNotAllowed:
            return False
        return True
