"""What staff ask of a list: parsed by a form, answered with a queryset. The queue and the attendee list share it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting

from ..models import Category, Modality, Registration, Status, known_to
from ..models.registration import RegistrationQuerySet
from . import asked_filters, search
from .asked import AskedColumn
from .reach import FEW, RETURNED, out_of_reach

SHOWN = [(s.value, s.label) for s in Status if s != Status.DRAFT]


class RegistrationFilter(forms.Form):
    """A list's query string. What cannot be understood is left out: a mistyped address still shows a list."""

    q = forms.CharField(label=_("Name, reference or email"), max_length=200, required=False)
    status = forms.ChoiceField(label=_("Status"), choices=[("", _("Any")), *SHOWN], required=False)
    category: Any = forms.ModelChoiceField(
        Category.objects.none(), label=_("Category"), empty_label=_("Any"), required=False
    )
    entity = forms.CharField(label=_("State or organization"), max_length=100, required=False)
    mail = forms.ChoiceField(
        label=_("Our messages"), choices=[("", _("Any")), (RETURNED, _("Address does not work"))], required=False
    )
    auto_id = "filter_%s"

    def __init__(self, data: QueryDict, meeting: Meeting, reader: Any = None) -> None:
        """Without a `reader` whose limits count, categories are offered to choose from as there are."""
        super().__init__(data, auto_id=self.auto_id)
        self.meeting = meeting
        self.found: search.Found | None = None
        known = known_to(reader, "meeting", "pk") if reader else Q()
        self.fields["category"].queryset = meeting.categories.filter(known)  # type: ignore[attr-defined]
        self.add_fields()
        self.is_valid()

    def add_fields(self) -> None:
        """For filters that depend on the meeting."""

    def value(self, name: str) -> Any:
        return self.cleaned_data.get(name) or None

    def narrow(self, registrations: RegistrationQuerySet) -> RegistrationQuerySet:
        """`registrations` with every filter that was given. All of them that the reader may see: the search is among
        these.
        """
        if words := self.value("q"):
            self.found = self.found or search.find(self.meeting, words, registrations)
            registrations = registrations.filter(self.found.condition)
        if status := self.value("status"):
            registrations = registrations.filter(status=status)
        if category := self.value("category"):
            registrations = registrations.filter(delegation__category=category)
        if entity := self.value("entity"):
            # No delegation has the number 0. An empty list would be no query at all, which COPY and counts need.
            registrations = registrations.filter(delegation__in=search.delegations_called(self.meeting, entity) or [0])
        if self.value("mail"):
            registrations = registrations.filter(self._out_of_reach)
        return registrations

    @cached_property
    def _out_of_reach(self) -> Q:
        """Few are handed on as their numbers, so that nothing reads the whole list for them."""
        everybody = Registration.objects.filter(out_of_reach(), meeting=self.meeting)
        found = list(everybody.order_by().values_list("pk", flat=True)[: FEW + 1])
        return Q(pk__in=found or [0]) if len(found) <= FEW else out_of_reach()

    def active(self) -> dict[str, str]:
        """The filters that hold, as they stand in the address: for links, exports and the history."""
        given = {name: self.data.get(name, "").strip() for name in self.fields if name in self.cleaned_data}
        return {name: text for name, text in given.items() if text}

    def query(self, **changes: str) -> str:
        """The query string with `changes`; an empty value takes a filter away."""
        return self.query_of({**self.active(), **changes})

    @staticmethod
    def query_of(asked: dict[str, str]) -> str:
        """The query string of these filters alone."""
        merged = QueryDict(mutable=True)
        merged.update({k: v for k, v in asked.items() if v})
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


class PeopleFilter(RegistrationFilter):
    """The attendee list. `asked` are the questions whose answers the reader may read."""

    modality = forms.ChoiceField(label=_("Takes part"), choices=[("", _("Any")), *Modality.choices], required=False)
    # Which answers to show beside each person: keys with commas between.
    show = forms.CharField(max_length=2000, required=False)

    def __init__(
        self, data: QueryDict, meeting: Meeting, asked: Sequence[AskedColumn] = (), reader: Any = None
    ) -> None:
        self.asked = {column.name: column for column in asked}
        super().__init__(_with_show(data, self.asked), meeting, reader)

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


def people_of(meeting: Meeting, user: Any) -> RegistrationQuerySet:
    """Where every list starts: the meeting's registrations that `user` may read."""
    return Registration.objects.visible_to(user).filter(meeting=meeting)
