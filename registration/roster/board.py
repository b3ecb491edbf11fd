"""The workspace as its page shows it: rows in order, what each lacks, who must act next, and the seats."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from meeting import dates
from meeting.templatetags.placard import icon, pill

from .. import rows, workflow
from ..lists.reach import fails
from ..models import (
    ROLE_ORDER,
    SEATED,
    ChangeProposal,
    Channel,
    Delegation,
    Registration,
    RoleInDelegation,
    SeatOffer,
    Status,
)
from . import asking, drawing

GONE = (Status.REJECTED, Status.WITHDRAWN)
TO_SEND = (Status.DRAFT, Status.RETURNED)
SHORT_ROLES = {
    RoleInDelegation.HEAD: pgettext_lazy("role in a narrow column", "Head"),
    RoleInDelegation.DEPUTY: pgettext_lazy("role in a narrow column", "Deputy"),
    RoleInDelegation.ALTERNATE: pgettext_lazy("role in a narrow column", "Alternate"),
    RoleInDelegation.ADVISER: pgettext_lazy("role in a narrow column", "Adviser"),
    RoleInDelegation.OBSERVER: pgettext_lazy("role in a narrow column", "Observer"),
    RoleInDelegation.INTERPRETER: pgettext_lazy("role in a narrow column", "Interpreter"),
    RoleInDelegation.SUPPORT: pgettext_lazy("role in a narrow column", "Support"),
}
BOXES = 24  # seats that are drawn one by one; more are a bar


def rows_of(delegation: Delegation) -> QuerySet[Registration]:
    """The roster, unordered. What delegates have begun by themselves and not sent is nobody's to see."""
    offers = SeatOffer.objects.filter(registration=OuterRef("pk"), state=SeatOffer.State.OPEN)
    proposals = ChangeProposal.objects.filter(registration=OuterRef("pk"), state=ChangeProposal.State.OPEN)
    return (
        Registration.objects.filter(delegation=delegation, merged_into=None)
        .without_children_who_left()
        .exclude(status=Status.DRAFT, channel=Channel.SELF)
        .annotate(
            offer_until=Subquery(offers.values("expires_at")[:1]),
            change_waits=Exists(proposals),
            address_fails=fails(),
        )
        .defer("search_key", "phone", "department", "organisation", "created_at")
    )


def in_order(registrations: list[Registration]) -> list[Registration]:
    """By the numbers given, then by role and name; whoever does not come stands last."""
    return sorted(registrations, key=place)


def place(registration: Registration) -> tuple[Any, ...]:
    number = registration.precedence
    role = ROLE_ORDER.get(RoleInDelegation(registration.role), 99) if registration.role else 99
    return (registration.status in GONE, number is None, number or 0, role, registration.sort_key, registration.pk)


@dataclass
class Line:
    """One row of the roster, ready to be drawn."""

    registration: Registration
    number: int
    address: str
    now: datetime.datetime
    problems: dict[str, str] = field(default_factory=dict)
    pill: str = ""
    cells: dict[str, SafeString] = field(default_factory=dict)
    needs: dict[str, str] = field(default_factory=dict)
    mark_drawn: str = ""
    mark: Any = None  # what the letters say of this row
    is_unmended: bool = False  # the organisers sent it back, and nobody has changed anything since

    @property
    def is_typed_in_place(self) -> bool:
        return self.registration.status in TO_SEND and not self.registration.is_minor

    @property
    def marked(self) -> list[str]:
        """Fields that the organisers have named when they sent the row back."""
        return self.registration.returned_fields

    @property
    def is_printed_otherwise(self) -> bool:
        """Somebody has said how the name is printed, and it is not given names first."""
        r = self.registration
        return r.display_name != rows.joined(r.given_names, r.family_name) or "display_name" in r.unparsed

    def shown(self, name: str) -> str:
        """What the cell of this field says to a reader."""
        return self.role if name == "role" and "role" not in self.registration.unparsed else self.texts[name]

    @property
    def is_coming(self) -> bool:
        return self.registration.status not in GONE

    @property
    def is_bad(self) -> bool:
        return bool(self.registration.unparsed) or self.registration.status == Status.RETURNED

    @property
    def is_ready(self) -> bool:
        return self.registration.status in TO_SEND and not self.problems and not self.is_unmended

    @cached_property
    def texts(self) -> dict[str, str]:
        return {name: rows.text_of(self.registration, name) for name in drawing.TYPED}

    @property
    def role(self) -> str:
        return str(SHORT_ROLES.get(self.registration.role, ""))  # type: ignore[call-overload]

    @property
    def name(self) -> str:
        return self.registration.printed_name or _("No name yet")

    @property
    def is_out_of_reach(self) -> bool:
        """Our messages come back from this address; whoever looks after the delegation knows the right one."""
        registration = self.registration
        return getattr(registration, "address_fails", False) and self.is_coming and not registration.on_behalf

    @property
    def next_step(self) -> str:
        """Who must act next and for how long already, in a few words."""
        registration = self.registration
        until = getattr(registration, "offer_until", None)
        if until:
            return _("Seat kept until %(until)s") % {"until": self._moment(until)}
        if registration.status == Status.DRAFT:
            return self._draft_step()
        actor = self._actor()
        return f"{actor}, {self._age()}" if actor else ""

    def _moment(self, at: datetime.datetime) -> str:
        local = at.astimezone(self.registration.delegation.meeting.zone)
        return f"{dates.short_date(local.date())}, {local:%H:%M}"

    def _draft_step(self) -> str:
        if not self.problems:
            return _("You: ready to send")
        n = len(self.problems)
        return ngettext("You: %(n)d thing to mend", "You: %(n)d things to mend", n) % {"n": n}

    def _actor(self) -> str:
        registration = self.registration
        if registration.is_minor and registration.status == Status.SUBMITTED:
            return _("Safeguarding lead")
        if registration.status == Status.SUBMITTED and registration.needs_endorsement:
            return _("You, to endorse")
        if getattr(registration, "change_waits", False):
            return _("Change: organisers")
        return {
            Status.SUBMITTED: pgettext("who must act next", "Organisers"),
            Status.RETURNED: pgettext("who must act next", "You"),
            Status.WAITLISTED: _("Waits for a seat"),
        }.get(Status(registration.status), "")

    def _age(self) -> str:
        days = (self.now - self.registration.status_since).days
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days} if days else pgettext("since", "today")


def lines_of(registrations: list[Registration], delegation: Delegation, address: str) -> list[Line]:
    """`address` is a row's page with REFERENCE in the place of the reference."""
    now, lines, pills = timezone.now(), [], {s: pill(s, str(s.label)) for s in Status}
    stubs, needs = drawing.stubs(), drawing.needs()
    unanswered = asking.missing(delegation, [r for r in registrations if r.status in TO_SEND and r.pk])
    unmended = workflow.untouched(registrations)
    for number, registration in enumerate(registrations, 1):
        registration.delegation = delegation
        line = Line(registration, number, address.replace("REFERENCE", registration.reference), now)
        line.is_unmended = registration.pk in unmended
        if registration.status in TO_SEND:
            line.problems = rows.problems(registration) | unanswered.get(registration.pk, {})
        if line.is_typed_in_place:
            line.needs = needs
            line.cells = drawing.cells(line, stubs)
        line.pill = pills[Status(registration.status)]
        lines.append(line)
    return lines


@dataclass(frozen=True)
class Seats:
    """How many are taken, of how many, and who waits."""

    total: int | None
    used: int
    waiting: int
    on_offer: int

    @property
    def sentence(self) -> str:
        if self.total is None:
            said = ngettext("%(n)d registered, no limit", "%(n)d registered, no limit", self.used) % {"n": self.used}
        else:
            said = _("%(used)d of %(total)d used") % {"used": self.used, "total": self.total}
        if self.waiting:
            return _("%(seats)s, %(n)d waiting") % {"seats": said, "n": self.waiting}
        return said

    @property
    def boxes(self) -> list[tuple[int, bool]]:
        """Where each seat is drawn, and whether it is taken."""
        if self.total is None or not 0 < self.total <= BOXES:
            return []
        return [(1 + 22 * n, n < self.used) for n in range(self.total)]

    @property
    def width(self) -> int:
        return 22 * (self.total or 0) - 2

    @property
    def share(self) -> int:
        """Of a bar of 176."""
        return min(176, round(176 * self.used / self.total)) if self.total else 0


def seats_of(registrations: list[Registration], delegation: Delegation) -> Seats:
    used = sum(r.status in SEATED for r in registrations)
    waiting = [r for r in registrations if r.status == Status.WAITLISTED]
    on_offer = sum(bool(getattr(r, "offer_until", None)) for r in waiting)
    return Seats(delegation.seats, used, len(waiting), on_offer)


def row_words() -> dict[str, Any]:
    """Words that stand in every row, looked up once for all of them."""
    return {
        "grip": icon("grip"),
        "no_mail": _("No mail, on behalf"),
        "warning": icon("warning"),
        "no_reach": _("Address does not work"),
        "open_row": pgettext("a row of the roster", "Open"),
    }
