"""What staff ask of a list: parsed by a form, answered with a queryset. The queue and the attendee list share it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from meeting.collation import fold
from meeting.models import Meeting

from ..letters import standing
from ..models import Category, Delegation, Modality, Registration, Status
from ..models.registration import RegistrationQuerySet
from . import asked_filters
from .asked import AskedColumn

LATE_AFTER = datetime.timedelta(days=5)
SHOWN = [(s.value, s.label) for s in Status if s != Status.DRAFT]


class RegistrationFilter(forms.Form):
    """A list's query string. What cannot be understood is left out: a mistyped address still shows a list."""

    q = forms.CharField(label=_("Name, reference or email"), max_length=200, required=False)
    status = forms.ChoiceField(label=_("Status"), choices=[("", _("Any")), *SHOWN], required=False)
    category: Any = forms.ModelChoiceField(
        Category.objects.none(), label=_("Category"), empty_label=_("Any"), required=False
    )
    entity = forms.CharField(label=_("State or organization"), max_length=100, required=False)
    auto_id = "filter_%s"

    def __init__(self, data: QueryDict, meeting: Meeting) -> None:
        super().__init__(data, auto_id=self.auto_id)
        self.meeting = meeting
        self.fields["category"].queryset = meeting.categories.all()  # type: ignore[attr-defined]
        self.add_fields()
        self.is_valid()

    def add_fields(self) -> None:
        """For filters that depend on the meeting."""

    def value(self, name: str) -> Any:
        return self.cleaned_data.get(name) or None

    def narrow(self, registrations: RegistrationQuerySet) -> RegistrationQuerySet:
        """`registrations` with every filter that was given."""
        if status := self.value("status"):
            registrations = registrations.filter(status=status)
        if category := self.value("category"):
            registrations = registrations.filter(delegation__category=category)
        if entity := self.value("entity"):
            # No delegation has the number 0. An empty list would be no query at all, which COPY and counts need.
            registrations = registrations.filter(delegation__in=delegations_called(self.meeting, entity) or [0])
        if words := self.value("q"):
            registrations = registrations.filter(contains_words(words))
        return registrations

    def active(self) -> dict[str, str]:
        """The filters that hold, as they stand in the address: for links, exports and the history."""
        given = {name: self.data.get(name, "").strip() for name in self.fields if name in self.cleaned_data}
        return {name: text for name, text in given.items() if text}

    def query(self, **changes: str) -> str:
        """The query string with `changes`; an empty value takes a filter away."""
        merged = QueryDict(mutable=True)
        merged.update({k: v for k, v in {**self.active(), **changes}.items() if v})
        return merged.urlencode()

    def chips(self) -> list[dict[str, str]]:
        """Each active filter in words, with the query string that takes it away."""
        return [
            {"text": self.in_words(name), "without": self.query(**{name: ""})}
            for name in self.active()
            if name != "status"
        ]

    def menu(self, name: str) -> dict[str, Any]:
        """One filter as a menu of links: each choice with the query string that asks for it."""
        now = self.active().get(name, "")
        choices = [(str(getattr(value, "value", value)), label) for value, label in self.fields[name].choices]  # type: ignore[attr-defined]
        links = [{"label": text, "query": self.query(**{name: v}), "is_current": v == now} for v, text in choices]
        return {"name": name, "label": self.fields[name].label, "choices": links}

    def in_words(self, name: str) -> str:
        value = self.cleaned_data[name]
        choices = dict(getattr(self.fields[name], "choices", {}) or {})
        return str(choices.get(value, value)) if isinstance(value, str) else str(value)


class QueueFilter(RegistrationFilter):
    """The queue: those waiting for a decision unless another status is asked for."""

    letter = forms.ChoiceField(
        label=_("Letter"),
        choices=[
            ("", _("Any")),
            ("matched", _("Matched")),
            ("unnamed", _("Not named, or to confirm")),
            ("yes", _("Letter sent")),
            ("no", _("No letter")),
        ],
        required=False,
    )
    waiting = forms.ChoiceField(
        label=_("Waiting"),
        choices=[
            ("", _("Any")),
            ("late", ngettext_lazy("%d day or more", "%d days or more", LATE_AFTER.days) % LATE_AFTER.days),
        ],
        required=False,
    )

    @property
    def wanted_status(self) -> str:
        return self.value("status") or Status.SUBMITTED

    def narrow(self, registrations: RegistrationQuerySet) -> RegistrationQuerySet:
        registrations = super().narrow(registrations).filter(status=self.wanted_status)
        if letter := self.value("letter"):
            registrations = registrations.filter(standing.narrowed(letter))
        if self.value("waiting"):
            registrations = registrations.filter(status_since__lte=timezone.now() - LATE_AFTER)
        return registrations


class PeopleFilter(RegistrationFilter):
    """The attendee list. `asked` are the questions whose answers the reader may read."""

    modality = forms.ChoiceField(label=_("Takes part"), choices=[("", _("Any")), *Modality.choices], required=False)
    # Which answers to show beside each person: keys with commas between.
    show = forms.CharField(max_length=2000, required=False)

    def __init__(self, data: QueryDict, meeting: Meeting, asked: Sequence[AskedColumn] = ()) -> None:
        self.asked = {column.name: column for column in asked}
        super().__init__(_with_show(data, self.asked), meeting)

    def add_fields(self) -> None:
        self.fields.update(asked_filters.fields_for(self.asked.values()))

    @property
    def shown(self) -> list[AskedColumn]:
        """The answers to show, in the order of the form."""
        wanted = self.cleaned_data.get("show", "").split(",")
        return [column for name, column in self.asked.items() if name in wanted]

    def asked_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name in self.asked]

    def besides_answers(self) -> dict[str, str]:
        """The filters that hold and are not about answers: what the form about answers carries along."""
        return {name: text for name, text in self.active().items() if name not in self.asked and name != "show"}

    def chips(self) -> list[dict[str, str]]:
        return [{"text": self._chip(name), "without": self.query(**{name: ""})} for name in self._with_chip()]

    def _with_chip(self) -> list[str]:
        return [name for name in self.active() if name not in ("status", "show")]

    def _chip(self, name: str) -> str:
        """An answer says nothing without its question."""
        return f"{self.fields[name].label} {self.in_words(name)}" if name in self.asked else self.in_words(name)

    def narrow(self, registrations: RegistrationQuerySet) -> RegistrationQuerySet:
        registrations = super().narrow(registrations)
        if modality := self.value("modality"):
            registrations = registrations.filter(modality=modality)
        for name, column in self.asked.items():
            if wanted := self.value(name):
                registrations = asked_filters.narrow(registrations, column, wanted)
        return registrations


def _with_show(data: QueryDict, asked: Collection[str]) -> QueryDict:
    """The boxes ticked, and what a link carries with commas, as one text of columns there are."""
    wanted = ",".join(data.getlist("show")).split(",")
    joined = data.copy()
    joined["show"] = ",".join(name for name in asked if name in wanted)
    return joined


def contains_words(words: str) -> Q:
    """Every word somewhere in names, reference or email: the search key holds them folded and in Latin letters."""
    return Q(*(Q(search_key__contains=word) for word in fold(words).split()))


def delegations_called(meeting: Meeting, name: str) -> list[int]:
    """The meeting's delegations whose entity has such a name in any language, or this acronym or ISO code."""
    words = Q(*(Q(entity__names__search_key__contains=word) for word in fold(name).split()))
    named = words | Q(entity__acronym__iexact=name.strip()) | Q(entity__iso3__iexact=name.strip())
    return list(Delegation.objects.filter(named, meeting=meeting).order_by().values_list("pk", flat=True).distinct())


def people_of(meeting: Meeting, user: Any) -> RegistrationQuerySet:
    """Where every list starts: the meeting's registrations that `user` may read."""
    return Registration.objects.visible_to(user).filter(meeting=meeting)
