"""The two pages of bringing back an earlier delegation: whom, and what is right today."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ..focal.access import DelegationRequest, delegation_view
from ..models import Delegation, Registration, RoleInDelegation
from ..names import tidy
from . import returning as past
from .finding import address, around
from .returning import Returning

RIGHT, LEFT_OUT = "right", "out"


class PersonForm(forms.Form):
    """One person as they come today: what may have changed, and the word that it is right."""

    functional_title = forms.CharField(label=gettext_lazy("Functional title"), max_length=200)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=RoleInDelegation.choices)
    email = forms.CharField(label=gettext_lazy("Email"), max_length=254, required=False)
    answer = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[(RIGHT, gettext_lazy("Right as it stands here")), (LEFT_OUT, gettext_lazy("Leave out"))],
        error_messages={"required": gettext_lazy("Say that this is right, or leave this person out.")},
    )

    def __init__(self, person: Registration, data: Any = None) -> None:
        self.person, self.row = person, past.offered(person)
        told = {name: getattr(self.row, name) for name in ("functional_title", "role", "email")}
        super().__init__(data, prefix=person.reference, initial=told, auto_id="id_%s")

    def clean_functional_title(self) -> str:
        return tidy(self.cleaned_data["functional_title"])

    def clean_email(self) -> str:
        email = tidy(self.cleaned_data["email"])
        if email:
            try:
                validate_email(email)
            except ValidationError:
                raise ValidationError(
                    _("Write the address like name@example.org, or leave it empty for now.")
                ) from None
        return email

    def clean(self) -> dict[str, Any]:
        # Of whom does not come nothing has to be right.
        if self.cleaned_data.get("answer") == LEFT_OUT:
            self.errors.clear()
        return self.cleaned_data

    @property
    def comes(self) -> bool:
        return self.cleaned_data["answer"] == RIGHT

    def as_row(self) -> Registration:
        for name in ("functional_title", "role", "email"):
            setattr(self.row, name, self.cleaned_data[name])
        return self.row


def way_back(request: DelegationRequest, delegation: Delegation) -> str:
    """The address of these pages, where there is anybody to bring back; one query."""
    there = past.earlier(delegation, request.actor, is_organiser=request.is_organiser).exists()
    return address("returning", delegation) if there else ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@delegation_view
def returning(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    """Which earlier delegation, and whom of it. What is sent from here is looked at on the next page."""
    choices = list(past.earlier(delegation, request.actor, is_organiser=request.is_organiser))
    asked = request.POST.get("from") or request.GET.get("from")
    old = next((d for d in choices if d.reference == asked), choices[0] if choices and not asked else None)
    if asked and old is None:
        get_object_or_404(Delegation.objects.none())
    people = past.people_of(old, delegation) if old else []
    chosen = _chosen(people, request.POST.getlist("who"))
    if chosen and old:
        return _confirm(request, delegation, old, [PersonForm(person) for person in chosen])
    context = {
        **around(request, delegation),
        "choices": choices,
        "old": old,
        "then": _then(old) if old else "",
        "people": people,
        "nobody": request.method == "POST",
    }
    return render(request, "roster/returning.html", context, status=422 if request.method == "POST" else 200)


def _then(old: Delegation) -> str:
    """The earlier meeting, with its year where the title has none."""
    title, year = old.meeting.short_title, str(old.meeting.starts_on.year)
    return title if year in title else f"{title} ({year})"


def _chosen(people: list[Returning], references: list[str]) -> list[Registration]:
    wanted = set(references)
    return [p.registration for p in people if p.registration.reference in wanted and p.here_as is None]


def _confirm(
    request: DelegationRequest, delegation: Delegation, old: Delegation, people: list[PersonForm], status: int = 200
) -> HttpResponse:
    for each in people:
        each.person.meeting = old.meeting
    context = {**around(request, delegation), "old": old, "forms": people, "has_errors": status != 200}
    return render(request, "roster/returning_confirm.html", context, status=status)


@never_cache
@require_POST
@delegation_view
def returning_confirmed(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    """Put those of whom somebody has said that all is right on the roster, as drafts."""
    choices = past.earlier(delegation, request.actor, is_organiser=request.is_organiser)
    old = get_object_or_404(choices, reference=request.POST.get("from", ""))
    chosen = _chosen(past.people_of(old, delegation), request.POST.getlist("who"))
    people = [PersonForm(person, request.POST) for person in chosen]
    if any([not form.is_valid() for form in people]):  # noqa: C419 (every form shall say what is missing)
        return _confirm(request, delegation, old, people, status=422)
    brought = past.bring(delegation, [form.as_row() for form in people if form.comes])
    _tell(request, len(brought))
    return redirect(address("workspace", delegation))


def _tell(request: DelegationRequest, brought: int) -> None:
    if brought:
        text = ngettext(
            "%(n)d person is back on the roster, as a draft. Submit the row when it is complete.",
            "%(n)d people are back on the roster, as drafts. Submit the rows when they are complete.",
            brought,
        )
        messages.success(request, text % {"n": brought})
    else:
        messages.info(request, _("Nobody was brought back. The roster is as it was."))
