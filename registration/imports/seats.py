"""How many of the new rows would wait for a seat. Only a forecast: seats are given when a row is submitted."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from meeting.models import Meeting

from ..models import LIVE, Channel, Delegation, Registration, Status


class Seats:
    """Everybody on a roster counts, also who is not submitted yet: they come before the rows of the file."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self.is_counted = False
        self.by_delegation: dict[Any, int] = {}
        self.by_category: dict[Any, int] = {}

    def take(self, delegation: Delegation) -> str:
        """Count one more; a sentence where no seat is left for them."""
        if not self.is_counted:
            self._count()
        key = delegation.pk or id(delegation)
        used = self.by_delegation[key] = self.by_delegation.get(key, 0) + 1
        in_category = self.by_category[delegation.category_id] = self.by_category.get(delegation.category_id, 0) + 1
        for limit, taken in ((delegation.seats, used), (delegation.category.quota, in_category)):
            if limit is not None and taken > limit:
                return _("Would wait for a seat: %(seats)d in all, and %(before)d on the roster before.") % {
                    "seats": limit,
                    "before": taken - 1,
                }
        return ""

    def _count(self) -> None:
        on_rosters = Q(status__in=LIVE) | Q(status=Status.DRAFT) & ~Q(channel=Channel.SELF)
        found = Registration.objects.filter(on_rosters, meeting=self.meeting, merged_into=None).order_by()
        self.is_counted = True
        self.by_delegation = dict(found.values_list("delegation").annotate(n=Count("pk")))
        self.by_category = dict(found.values_list("delegation__category").annotate(n=Count("pk")))
