"""What an organiser ticks: somebody's roles, and the categories of a reviewer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting, Role

from ..models import Category
from ..team.granting import Roles

ALL, SOME = "all", "some"


class RolesForm(forms.Form):
    """One person's row. `seen` and `limits_seen` are what stood on the page: only what differs from it is done."""

    role = forms.MultipleChoiceField(choices=Role.choices, required=False)
    limits = forms.ChoiceField(choices=[(ALL, ALL), (SOME, SOME)], required=False)
    category: Any = forms.ModelMultipleChoiceField(Category.objects.none(), required=False)
    seen = forms.CharField(max_length=200, required=False)
    limits_seen = forms.CharField(max_length=2000, required=False)
    sure = forms.BooleanField(required=False)

    def __init__(self, data: Any, meeting: Meeting) -> None:
        super().__init__(data)
        self.fields["category"].queryset = meeting.categories.all()  # type: ignore[attr-defined]

    def clean_seen(self) -> frozenset[str]:
        return frozenset(Role.values) & set(self.cleaned_data["seen"].split(","))

    def clean_limits_seen(self) -> frozenset[int] | None:
        numbers = self.cleaned_data["limits_seen"].split(",")
        return frozenset(int(n) for n in numbers if n.isascii() and n.isdigit()) or None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        limited = data.get("limits") == SOME and Role.REVIEWER in data.get("role", [])
        if limited and not data.get("category") and "category" not in self.errors:
            self.add_error("category", _("Tick at least one category for the reviewer, or choose all."))
        return data

    @property
    def before(self) -> Roles:
        return Roles(self.cleaned_data["seen"], self.cleaned_data["limits_seen"])

    @property
    def wanted(self) -> Roles:
        data = self.cleaned_data
        limited = data["limits"] == SOME and Role.REVIEWER in data["role"]
        chosen = frozenset(category.pk for category in data["category"]) if limited else None
        return Roles(frozenset(data["role"]), chosen)


class ColleagueForm(RolesForm):
    """Somebody who has no role here yet."""

    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Write the email address of your colleague.")},
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        help_text=_("As colleagues shall read it. Whoever has an account keeps the name that stands there."),
        error_messages={"required": _("Write the name of your colleague.")},
    )
    role = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, error_messages={"required": _("Tick at least one role.")}
    )
    field_order = ("email", "name", "role")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip()
