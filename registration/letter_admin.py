"""How a meeting's letters look, under Setup: letterheads, and for each kind who signs and who may take it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from meeting.models import Organiser
from meeting.scoped import MeetingScopedAdmin
from meeting.translated import TranslatedFields, main, other_languages

from .issuing import pictures
from .models import Category, Letterhead, LetterSetup


class PictureForm(forms.ModelForm):  # type: ignore[type-arg]
    """`picture` comes in as a file and is drawn anew; it is shown on the sample of a letter, never by an address."""

    picture_field = ""
    picture = forms.FileField(required=False, help_text=_("PNG or JPEG, at most 5 MB."))
    no_picture = forms.BooleanField(label=_("Take the picture away"), required=False)

    def clean_picture(self) -> Any:
        upload = self.cleaned_data.get("picture")
        return pictures.accept(upload) if isinstance(upload, UploadedFile) else None

    def save(self, commit: bool = True) -> Any:
        if self.cleaned_data.get("picture"):
            setattr(self.instance, self.picture_field, self.cleaned_data["picture"])
        elif self.cleaned_data.get("no_picture"):
            setattr(self.instance, self.picture_field, "")
        return super().save(commit)

    def must_be_of_the_meeting(self, name: str) -> None:
        """What is chosen belongs to the meeting that is chosen."""
        chosen, meeting = self.cleaned_data.get(name), self.cleaned_data.get("meeting") or self.instance.meeting
        rows = [chosen] if chosen is not None and hasattr(chosen, "meeting_id") else list(chosen or [])
        if meeting and any(row.meeting_id != meeting.pk for row in rows):
            self.add_error(name, ValidationError(_("This is of another meeting. Choose one of this meeting.")))


class LetterheadForm(PictureForm):
    picture_field = "logo"

    class Meta:
        model = Letterhead
        exclude: list[str] = ["logo"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.must_be_of_the_meeting("organiser")
        return data


class LetterSetupForm(PictureForm):
    picture_field = "signature"

    class Meta:
        model = LetterSetup
        exclude: list[str] = ["signature", "last_number", "kind", "meeting"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.must_be_of_the_meeting("letterhead")
        self.must_be_of_the_meeting("categories")
        return data


@admin.register(Letterhead)
class LetterheadAdmin(TranslatedFields, MeetingScopedAdmin):
    form = LetterheadForm
    list_display = ["__str__", "meeting"]
    list_select_related = ["meeting", "organiser"]
    ordering = ["meeting", "organiser__order"]
    fieldsets = [
        (
            None,
            {
                "fields": ["meeting", "organiser", *main("lines"), "picture", "no_picture"],
                "description": _("Letters that are issued already keep the head they have."),
            },
        ),
        *other_languages("lines"),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["meeting"] if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field and db_field.remote_field.model is Organiser:
            field.label_from_instance = lambda organiser: f"{organiser.name} ({organiser.meeting.slug})"
            field.queryset = field.queryset.select_related("meeting")
        return field


@admin.register(LetterSetup)
class LetterSetupAdmin(TranslatedFields, MeetingScopedAdmin):
    form = LetterSetupForm
    list_display = ["__str__", "signatory", "is_self_service", "meeting"]
    list_select_related = ["meeting"]
    ordering = ["meeting", "kind"]
    fieldsets = [
        (None, {"fields": ["meeting", "kind", "letterhead", "categories", "is_self_service", "before_the_end"]}),
        (
            _("Signature"),
            {
                "fields": ["signatory", *main("signatory_title"), "picture", "no_picture"],
                "description": _("Letters that are issued already keep the signature they have."),
            },
        ),
        *other_languages("signatory_title"),
    ]
    readonly_fields = ["meeting", "kind"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # each meeting has one for each kind, from the first look at its letters

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # numbers are counted in it

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field and db_field.remote_field.model is Category:
            field.widget = forms.CheckboxSelectMultiple()
        return field

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Categories and letterheads of its own meeting alone."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj:
            for name in ("categories", "letterhead"):
                field: Any = form.base_fields[name]
                field.queryset = field.queryset.filter(meeting=obj.meeting)
        return form
