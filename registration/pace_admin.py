"""Setting by hand how fast we write to a domain: an administrator’s, for the whole installation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .mail import pacing
from .models import DomainPace


class PaceForm(forms.ModelForm):
    class Meta:
        model = DomainPace
        fields = ["domain", "per_minute"]
        error_messages = {"per_minute": {"min_value": _("Give at least one, or leave it empty.")}}

    def clean_domain(self) -> str:
        """As the outbox has it: what stands after the @, in small letters."""
        domain = self.cleaned_data["domain"].strip().lower().rpartition("@")[2]
        if "." not in domain or " " in domain:
            raise forms.ValidationError(_("Write the part of the address after the @, like example.org."))
        return domain

    def clean_per_minute(self) -> int | None:
        number = self.cleaned_data["per_minute"]
        if number is not None and number < 1:
            raise forms.ValidationError(_("Give at least one, or leave it empty."))
        return number


@admin.register(DomainPace)
class DomainPaceAdmin(admin.ModelAdmin):
    """Rows come and go by themselves; one with a number stays until it is deleted here."""

    form = PaceForm
    list_display = ["domain", "per_minute", "gap", "next_at", "slowed_at"]
    search_fields = ["domain"]
    ordering = ["domain"]

    def get_readonly_fields(self, request: HttpRequest, obj: DomainPace | None = None) -> list[str]:
        return ["domain", "gap", "next_at", "slowed_at"] if obj else []

    def get_fields(self, request: HttpRequest, obj: DomainPace | None = None) -> Any:
        return ["domain", "per_minute", "gap", "next_at", "slowed_at"] if obj else ["domain", "per_minute"]

    def save_model(self, request: HttpRequest, obj: DomainPace, form: Any, change: bool) -> None:
        obj.next_at = timezone.now()
        super().save_model(request, obj, form, change)
        pacing.call_forward(obj.domain)

    def delete_model(self, request: HttpRequest, obj: DomainPace) -> None:
        domain = obj.domain  # which deleting takes from the object
        super().delete_model(request, obj)
        pacing.call_forward(domain)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for pace in queryset:
            self.delete_model(request, pace)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)  # type: ignore[union-attr]

    def has_view_permission(self, request: HttpRequest, obj: DomainPace | None = None) -> bool:
        return self.has_module_permission(request)

    has_add_permission = has_module_permission
    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission
