"""What staff ask of a list: parsed by a form, answered with a queryset. The queue and the attendee list share it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from meeting import dates
from meeting.models import Meeting

from ..models import Category, Registration, Status, known_to
from ..models.registration import RegistrationQuerySet
from . import asked_filters, more_filters, search
from .asked import AskedColumn
from .columns import Columns, offered, screen_columns
from .more_filters import FILTERS, PERIODS
from .order import Group, ListOrder, Sort
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
        return merged.urlencode(safe=",")

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
    """The attendee list: who, which columns, in what groups and order. `asked` are the questions whose answers the
    reader may read.
    """

    # Names of columns with commas between, in their order; nothing for the usual ones.
    columns = forms.CharField(max_length=3000, required=False)
    # Which answers to show behind them: an older, shorter way.
    show = forms.CharField(max_length=2000, required=False)
    group = forms.ChoiceField(label=_("Group"), choices=Group.choices, required=False)
    sort = forms.ChoiceField(label=_("Order"), choices=Sort.choices, required=False)
    # The saved view that one came from, also after it was changed on the screen.
    view = forms.IntegerField(min_value=1, max_value=2**31, required=False)
    LAYOUT = ("columns", "show", "group", "sort", "view")

    def __init__(
        self, data: QueryDict, meeting: Meeting, asked: Sequence[AskedColumn] = (), reader: Any = None
    ) -> None:
        self.asked = {column.name: column for column in asked}
        super().__init__(in_short(data, self.asked), meeting, reader)

    def add_fields(self) -> None:
        for name, filter_ in FILTERS.items():
            self.fields[name] = filter_.field()
        self.fields.update(asked_filters.fields_for(self.asked.values()))

    @property
    def order(self) -> ListOrder:
        return ListOrder(self.value("group") or Group.DELEGATION, self.value("sort") or Sort.LIST)

    def chosen(self, *, with_contact: bool) -> Columns:
        """The columns asked for, in their order; none where nobody chose, `show` left aside."""
        there = offered(self.asked.values(), with_contact=with_contact)
        return [there[name] for name in self.cleaned_data.get("columns", "").split(",") if name in there]

    @property
    def shown(self) -> list[AskedColumn]:
        """The answers to show: those that `show` names in the order of the form, those among the columns in theirs."""
        of_columns = [c for c in self.chosen(with_contact=False) if isinstance(c, AskedColumn)]
        wanted = self.cleaned_data.get("show", "").split(",")
        return [*of_columns, *(c for name, c in self.asked.items() if name in wanted and c not in of_columns)]

    def asked_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name in self.asked]

    def more_fields(self) -> list[Any]:
        return [self[name] for name in ("category", "entity", *FILTERS, "mail")]

    def besides(self, *names: str) -> dict[str, str]:
        """What a form about `names` carries along."""
        return {name: text for name, text in self.active().items() if name not in names}

    def besides_filters(self) -> dict[str, str]:
        return self.besides("category", "entity", *FILTERS, "mail", *self.asked)

    def besides_columns(self) -> dict[str, str]:
        return self.besides("columns", "show")

    def narrowing(self) -> dict[str, str]:
        """What decides who is in the list; the rest is how it looks."""
        return self.besides(*self.LAYOUT)

    def narrowing_query(self) -> str:
        return self.query_of(self.narrowing())

    def as_kept(self) -> str:
        """The query string as a saved view has it: without the view that one came from."""
        return self.query(view="")

    def in_full(self) -> str:
        """The query string with what is usual today written out, so that it says the same when the usual changes."""
        columns = self.chosen(with_contact=True) or [*screen_columns(), *self.shown]
        layout = {"columns": ",".join(c.name for c in columns), "group": self.order.group, "sort": self.order.sort}
        return self.query(**{**layout, "show": "", "view": ""})

    def turned_round(self) -> list[tuple[Any, Any]]:
        """The labels of periods that end before they begin."""
        return [
            (self.fields[first].label, self.fields[last].label)
            for first, last in PERIODS
            if (begins := self.value(first)) and (ends := self.value(last)) and begins > ends
        ]

    def chips(self) -> list[dict[str, str]]:
        return [{"text": self._chip(name), "without": self.query(**{name: ""})} for name in self._with_chip()]

    def _with_chip(self) -> list[str]:
        return [name for name in self.active() if name not in ("status", *self.LAYOUT)]

    def _chip(self, name: str) -> str:
        """An answer says nothing without its question."""
        if name in self.asked:
            return f"{self.fields[name].label} {self.in_words(name)}"
        if name in FILTERS and name not in SAY_IT_ALL:
            return f"{self.fields[name].label}: {self.in_words(name)}"
        return self.in_words(name)

    def in_words(self, name: str) -> str:
        value = self.cleaned_data[name]
        return dates.long_date(value) if isinstance(value, datetime.date) else super().in_words(name)

    def narrow(self, registrations: RegistrationQuerySet) -> RegistrationQuerySet:
        given = {name: value for name in FILTERS if (value := self.value(name))}
        registrations = more_filters.narrow(super().narrow(registrations), given, self.meeting)
        for name, column in self.asked.items():
            if wanted := self.value(name):
                registrations = asked_filters.narrow(registrations, column, wanted)
        return registrations


# Choices that are understood without the name of their filter.
SAY_IT_ALL = ("modality", "role", "region")


def in_short(data: QueryDict, asked: Collection[str]) -> QueryDict:
    """Boxes ticked, and what a link carries with commas, as one text of columns there are; nothing for the usual."""
    short = data.copy()
    there = offered([], with_contact=True)
    short["show"] = ",".join(name for name in asked if name in _listed(data, "show"))
    chosen = [name for name in dict.fromkeys(_listed(data, "columns")) if name in there or name in asked]
    is_usual = chosen == [c.name for c in screen_columns()]
    short["columns"] = "" if is_usual else ",".join(chosen)
    for name, usual in (("group", Group.DELEGATION), ("sort", Sort.LIST)):
        if data.get(name) == usual:
            short[name] = ""
    return short


def _listed(data: QueryDict, name: str) -> list[str]:
    return ",".join(data.getlist(name)).split(",")


def people_of(meeting: Meeting, user: Any) -> RegistrationQuerySet:
    """Where every list starts: the meeting's registrations that `user` may read."""
    return Registration.objects.visible_to(user).filter(meeting=meeting)
