"""Who reads, and what they ask for."""

from __future__ import annotations

import datetime
from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from meeting.models import AuditEntry, Meeting, Role, User
from meeting.models.meeting import has_role

from .. import field_words, rules
from ..lists.search import delegations_called
from ..models import Delegation, Registration
from .kinds import Kind


@dataclass(frozen=True)
class Reader:
    """What one person may know of what happened at one meeting."""

    user: User
    meeting: Meeting

    @cached_property
    def may_see_contact(self) -> bool:
        return self._decides or rules.can_export(self.user, self.meeting)

    @cached_property
    def _decides(self) -> bool:
        return rules.can_decide(self.user, self.meeting)

    @cached_property
    def is_lead(self) -> bool:
        return rules.can_see_children(self.user, self.meeting)

    @cached_property
    def sees_accounts(self) -> bool:
        return has_role(self.user, self.meeting, Role.AUDITOR)

    def address_of(self, person: User) -> str:
        """The email of a colleague; of anybody else, like a focal point, only for whoever reads contacts."""
        return person.email if person.is_staff or self.may_see_contact else ""

    def called(self, person: User) -> str:
        """By name; whoever has none is called by the address, where that may be told."""
        return person.name or self.address_of(person) or str(_("Focal point"))

    def concealed(self, registration: Registration) -> Container[str]:
        """The fields whose old and new are not told, only that they changed: as on the screen to decide."""
        if registration.is_minor:
            return field_words.Everything()
        if not self.may_see_contact:
            return field_words.CONTACT
        return () if self._decides else {"birth_date"}


class HistoryFilter(forms.Form):
    """The query string of a history. What cannot be understood is left out."""

    person = forms.CharField(label=_("Person"), max_length=16, required=False)
    delegation = forms.CharField(label=_("Delegation"), max_length=100, required=False)
    by: Any = forms.ModelChoiceField(User.objects.none(), label=_("Done by"), empty_label=_("Anybody"), required=False)
    kind = forms.ChoiceField(label=_("What"), choices=[("", _("Everything")), *Kind.choices], required=False)
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("To"), required=False)

    def __init__(self, data: QueryDict, meeting: Meeting) -> None:
        super().__init__(data, auto_id="history_%s")
        self.meeting = meeting
        for name in ("by", "kind"):
            self.fields[name].widget.attrs["class"] = "input"
        self.fields["by"].queryset = actors(meeting)  # type: ignore[attr-defined]
        self.is_valid()

    def value(self, name: str) -> Any:
        return self.cleaned_data.get(name) or None

    @cached_property
    def delegations(self) -> list[int] | None:
        """The delegations asked for, by reference or name; None where none was, no number where there is none."""
        words = self.value("delegation")
        if words is None:
            return None
        exact = Delegation.objects.filter(meeting=self.meeting, reference__iexact=words.strip())
        return list(exact.values_list("pk", flat=True)) or delegations_called(self.meeting, words)

    @property
    def first_moment(self) -> datetime.datetime | None:
        return self._midnight(self.value("since"))

    @property
    def end(self) -> datetime.datetime | None:
        """The midnight after the last day."""
        last = self.value("until")
        return self._midnight(last + datetime.timedelta(days=1)) if last and last < datetime.date.max else None

    def _midnight(self, day: datetime.date | None) -> datetime.datetime | None:
        return datetime.datetime.combine(day, datetime.time.min, self.meeting.zone) if day else None

    def active(self) -> dict[str, str]:
        """The filters that hold, as they stand in the address."""
        given = {name: self.data.get(name, "").strip() for name in self.fields if name in self.cleaned_data}
        return {name: text for name, text in given.items() if text}

    def query(self, **changes: str) -> str:
        merged = QueryDict(mutable=True)
        merged.update({k: v for k, v in {**self.active(), **changes}.items() if v})
        return merged.urlencode()

    def chips(self) -> list[dict[str, str]]:
        """Each active filter in words, with the query string that takes it away."""
        return [
            {"text": f"{self.fields[name].label}: {self._in_words(name)}", "without": self.query(**{name: ""})}
            for name in self.active()
        ]

    def _in_words(self, name: str) -> str:
        value = self.cleaned_data[name]
        return str(Kind(value).label) if name == "kind" else str(value)


def actors(meeting: Meeting) -> QuerySet[User]:
    """Who can have acted as staff: everybody with a role at the meeting, now or ever, and administrators.

    Not asked of the histories themselves: whoever has no line in them would have all of them read.
    """
    given = AuditEntry.objects.filter(meeting=meeting, action=AuditEntry.Action.ROLE)
    here = Q(pk__in=meeting.staff_roles.values("user")) | Q(email__in=given.values("about")) | Q(is_superuser=True)
    return User.objects.filter(here).order_by("name", "email")
