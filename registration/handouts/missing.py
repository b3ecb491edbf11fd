"""Who is still missing: letters, registrations; and who has spoken."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Count
from django.utils.translation import gettext as _

from meeting import dates
from meeting.models import Meeting, User

from ..letters import standing
from ..models import SEATED, FocalPoint, Invitation, Registration, Statement, Status
from . import who
from .sheet import NUMBER, STRONG, Column, Group, Sheet
from .who import Party


def without_a_letter(meeting: Meeting, user: User) -> Sheet:
    """Delegations of categories that ask for a letter, with people whom none names or brings."""
    live = Registration.objects.visible_to(user).filter(meeting=meeting, status__in=SEATED, merged_into=None)
    asked = live.exclude(delegation__category__required_documents=[]).order_by()
    people = dict(asked.values_list("delegation").annotate(n=Count("pk")))
    lacking = dict(asked.filter(standing.narrowed("no")).values_list("delegation").annotate(n=Count("pk")))
    focal = _focal_points(meeting)
    columns = [
        *_about(),
        Column(_("Without a letter"), 1.4, NUMBER, wide=16),
        Column(_("People"), 1, NUMBER, wide=8),
        Column(_("Focal point"), 3, wide=40),
    ]
    rows = [
        [party.name, party.category.name, str(lacking[pk]), str(people[pk]), focal[pk]]
        for pk, party in _parties(meeting, user).items()
        if pk in lacking
    ]
    return Sheet(_("Delegations without a letter"), columns, [Group("", rows)], empty=_("No letter is missing."))


def not_registered(meeting: Meeting, user: User) -> Sheet:
    """Delegations that were invited or set up, and nobody of them is registered. Who declined is told so."""
    live = Registration.objects.filter(meeting=meeting, merged_into=None).exclude(
        status__in=(Status.DRAFT, Status.WITHDRAWN, Status.REJECTED)
    )
    registered = set(live.order_by().values_list("delegation", flat=True).distinct())
    invited = _invitations(meeting)
    focal = _focal_points(meeting)
    columns = [
        *_about(),
        Column(_("Invitation"), 2.6, wide=30),
        Column(_("Focal point"), 3, wide=40),
    ]
    rows = [
        [party.name, party.category.name, _told(invited.get(pk), meeting), focal[pk]]
        for pk, party in _parties(meeting, user).items()
        if pk not in registered
    ]
    return Sheet(
        _("Invited and not registered"), columns, [Group("", rows)], empty=_("Everybody who was invited is registered.")
    )


def statements(meeting: Meeting, user: User) -> Sheet:
    """Delegations that have spoken, as somebody noted it, item by item in the order in which they spoke."""
    parties = _parties(meeting, user)
    by_item: dict[str, list[list[str]]] = defaultdict(list)
    for statement in Statement.objects.filter(meeting=meeting, delegation__in=parties):
        party = parties[statement.delegation_id]
        by_item[statement.item].append([party.name, party.category.name])
    columns = [Column(_("Delegation"), 5, STRONG, wide=50), Column(_("Category"), 4, wide=34)]
    groups = [Group(_item(item) if item or len(by_item) > 1 else "", rows) for item, rows in sorted(by_item.items())]
    return Sheet(_("Statements"), columns, groups, of=_("Agenda item"), empty=_("No statement has been noted yet."))


def _item(item: str) -> str:
    return _("Agenda item %(number)s") % {"number": item} if item else _("Without an item")


def _parties(meeting: Meeting, user: User) -> dict[int, Party]:
    """In the language that is active."""
    return who.parties(meeting, user, who.language())


def _about() -> list[Column]:
    return [Column(_("Delegation"), 4, STRONG, wide=40), Column(_("Category"), 2.4, wide=28)]


def _focal_points(meeting: Meeting) -> dict[int, str]:
    """By delegation, the names of whoever looks after it."""
    found: dict[int, list[str]] = defaultdict(list)
    for point in FocalPoint.objects.active().filter(delegation__meeting=meeting).select_related("user"):
        found[point.delegation_id].append(point.shown_name)
    return defaultdict(str, {pk: ", ".join(names) for pk, names in found.items()})


def _invitations(meeting: Meeting) -> dict[int, Invitation]:
    """By delegation, the newest."""
    found: dict[int, Invitation] = {}
    for invitation in Invitation.objects.filter(delegation__meeting=meeting).order_by("-created_at", "-pk"):
        found.setdefault(invitation.delegation_id, invitation)
    return found


def _told(invitation: Invitation | None, meeting: Meeting) -> str:
    if invitation is None:
        return _("Set up, not invited by mail")
    day = dates.short_date(invitation.state_since.astimezone(meeting.zone).date())
    return f"{invitation.get_state_display()}, {day}"
