"""What reviewers ask of the queue: who acts, whose it is, how long it waits, how it stands on the letter; its order."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from meeting.models import Meeting, User

from ..letters import standing
from ..models import Category, RoleInDelegation, Status, known_to
from ..models.registration import RegistrationQuerySet
from . import who_acts
from .filters import RegistrationFilter
from .who_acts import STATUS_OF, WAITING_FOR, Acts

# From so many days on, and less than so many.
AGES = {
    "0": (0, 1, _("Under 1 day")),
    "1": (1, 3, _("1 to 2 days")),
    "3": (3, 5, _("3 to 4 days")),
    "5": (5, 7, _("5 to 6 days")),
    "7": (7, None, _("7 or more")),
}
LATE = "late"
ME, NOBODY = "me", "nobody"
SECOND = "second"
SORTS = [("", _("Oldest first")), ("newest", _("Newest first")), ("name", _("By name"))]
SORTS += [("entity", _("By State or organization"))]


class QueueFilter(RegistrationFilter):
    """The queue: those on whom the organisers must act, unless another status or somebody else is asked for."""

    acts = forms.ChoiceField(label=_("Who must act next"), choices=[("", _("Any")), *Acts.choices], required=False)
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
    assigned = forms.ChoiceField(label=_("Assigned to"), required=False)
    waiting = forms.ChoiceField(label=_("Waiting since"), required=False)
    role = forms.ChoiceField(
        label=_("Role in the delegation"), choices=[("", _("Any")), *RoleInDelegation.choices], required=False
    )
    word = forms.ChoiceField(
        label=_("Approvals"), choices=[("", _("Any")), (SECOND, _("Second approval"))], required=False
    )
    sort = forms.ChoiceField(label=_("Order"), choices=SORTS, required=False)

    def __init__(self, data: QueryDict, meeting: Meeting, user: Any, colleagues: Iterable[User]) -> None:
        self.user, self.colleagues = user, colleagues
        super().__init__(data, meeting, user)

    def add_fields(self) -> None:
        # Asked for only where somebody chooses: the screen to decide has this filter too.
        self.fields["assigned"].choices = self._whose  # type: ignore[attr-defined]
        days = self.meeting.decision_days
        late = ngettext("%d day or more", "%d days or more", days) % days
        ages = [(name, format_lazy("{}", label)) for name, (_from, _to, label) in AGES.items()]
        self.fields["waiting"].choices = [("", _("Any")), (LATE, late), *ages]  # type: ignore[attr-defined]

    def _whose(self) -> list[tuple[str, Any]]:
        named = [(str(u.pk), str(u)) for u in self.colleagues if u.pk != self.user.pk]
        return [("", _("Any")), (ME, _("Me")), (NOBODY, _("Nobody")), *named]

    @cached_property
    def categories(self) -> list[Category]:
        return list(self.meeting.categories.filter(known_to(self.user, "meeting", "pk")))

    @property
    def wanted_acts(self) -> str:
        return self.value("acts") or ("" if self.value("status") else Acts.US)

    @property
    def acts_in_words(self) -> str:
        return str(WAITING_FOR[Acts(self.wanted_acts)]) if self.wanted_acts else ""

    @property
    def wanted_status(self) -> str:
        return self.value("status") or STATUS_OF[Acts(self.wanted_acts)]

    @property
    def sort_order(self) -> str:
        return self.value("sort") or ""

    def standing(self) -> Q:
        """Whose queue it is, whatever else is asked."""
        return (
            who_acts.condition(self.wanted_acts, self.categories) if self.wanted_acts else Q(status=self.wanted_status)
        )

    def narrow(self, registrations: RegistrationQuerySet) -> RegistrationQuerySet:
        registrations = super().narrow(registrations).filter(self.standing())
        if letter := self.value("letter"):
            registrations = registrations.filter(standing.narrowed(letter))
        if assigned := self.value("assigned"):
            registrations = registrations.filter(assigned_to=self._colleague(assigned))
        if waiting := self.value("waiting"):
            registrations = registrations.filter(waiting_since(waiting, self.meeting))
        if role := self.value("role"):
            registrations = registrations.filter(role=role)
        return registrations.filter(wants_second_word(self.user)) if self.value("word") else registrations

    def _colleague(self, assigned: str) -> Any:
        return {ME: self.user.pk, NOBODY: None}.get(assigned, assigned)

    def narrows(self) -> bool:
        """Whether anything but the order is asked for."""
        return bool(set(self.active()) - {"sort"})

    def chips(self) -> list[dict[str, str]]:
        """Whom it waits for stands first, and is there by itself until another status is asked for."""
        found = [c for name in self.active() if name not in ("status", "sort", "acts") for c in [self._chip(name)]]
        if self.wanted_acts:
            without = self.query(acts="", status=self.wanted_status)
            found.insert(0, {"text": self.acts_in_words, "without": without})
        return found

    def _chip(self, name: str) -> dict[str, str]:
        text = self.in_words(name)
        labelled = {"assigned": f"{self.fields[name].label}: {text}"} if name in self.fields else {}
        return {"text": labelled.get(name, text), "without": self.query(**{name: ""})}


def waiting_since(waiting: str, meeting: Meeting) -> Q:
    """Since how many days; days are of 24 hours, as the list counts them."""
    now = timezone.now()
    first, last, _label = AGES.get(waiting, (meeting.decision_days, None, ""))
    since = Q(status_since__lte=now - datetime.timedelta(days=first)) if first else Q()
    return since & Q(status_since__gt=now - datetime.timedelta(days=last)) if last else since


def wants_second_word(user: Any) -> Q:
    """Somebody else has said yes, and a second yes is wanted."""
    return Q(status=Status.SUBMITTED, first_approved_by__isnull=False) & ~Q(first_approved_by=user.pk)
