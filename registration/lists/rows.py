"""A list as asked for: whose, which, in what order; what every export reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Expression

from meeting.models import Meeting

from ..models.registration import RegistrationQuerySet
from .order import USUAL, ListOrder, in_list_order


@dataclass(frozen=True)
class ListQuery:
    meeting: Meeting
    registrations: RegistrationQuerySet
    asked: dict[str, str] = field(default_factory=dict)  # the filter, as it goes into the history
    order: ListOrder = USUAL

    def values_list(self, columns: dict[str, Expression]) -> Any:
        return in_list_order(self.registrations, self.order).values_list(*columns.values())

    def count(self) -> int:
        return self.registrations.order_by().count()
