"""Delegations look at their own part of a version, and say that it is right or what is to be corrected."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from meeting.dates import long_date
from meeting.models import AuditEntry, User

from ..mail import outbox
from ..models import Delegation, FocalPoint, ListCheck, ListVersion, Registration
from ..participants import layout
from ..participants.build import setup_of
from ..participants.tree import Tree
from .making import text_of

Answer = ListCheck.Answer


@transaction.atomic
def ask(version: ListVersion, *, by: User) -> int:
    """Write to the focal points of every delegation in it; how many delegations. Nobody is asked twice."""
    ListVersion.objects.select_for_update().get(pk=version.pk)
    delegations = _delegations(version)
    there = set(version.checks.values_list("delegation", flat=True))
    fresh = [delegation for delegation in delegations if delegation.pk not in there]
    checks = ListCheck.objects.bulk_create(ListCheck(version=version, delegation=d) for d in fresh)
    with outbox.written_together():
        for check in checks:
            _write_to(check)
    if checks:
        AuditEntry.objects.create(
            meeting=version.meeting, by=by, action=AuditEntry.Action.LIST, about=str(version),
            detail={"did": "asked", "count": len(checks)},
        )  # fmt: skip
    return len(checks)


def _delegations(version: ListVersion) -> list[Delegation]:
    """Those with somebody in the list and somebody who looks after them."""
    tree = text_of(version, version.languages[0])
    people = Registration.objects.filter(meeting=version.meeting, reference__in=_references(tree))
    looked_after = FocalPoint.objects.active().values("delegation")
    found = Delegation.objects.filter(registrations__in=people, pk__in=looked_after)
    return list(found.select_related("meeting", "entity").distinct())


def _references(tree: Tree) -> set[str]:
    return {p.reference for section in tree.sections for entity in section.entities for p in entity.people}


def _write_to(check: ListCheck) -> None:
    delegation, meeting = check.delegation, check.version.meeting
    setup = setup_of(meeting)
    for point in FocalPoint.objects.active().filter(delegation=delegation).select_related("user"):
        until = long_date(setup.corrections_until) if setup.corrections_until else ""
        outbox.queue_to(
            "list_check",
            key=f"list-check-{check.pk}-{point.pk}",
            meeting=meeting,
            to=point.user.email,
            language=point.language,
            values={"name": point.shown_name, "delegation": delegation, "until": until},
            focal_user=point.user,
        )


def open_for(delegation: Delegation) -> ListCheck | None:
    """The newest version that this delegation was asked to look at."""
    found = ListCheck.objects.filter(delegation=delegation).select_related("version")
    return found.order_by("-version__made_at", "-pk").first()


@transaction.atomic
def answer(check: ListCheck, *, by: User, note: str) -> None:
    """Right where nothing is to be corrected. The last word counts."""
    found = ListCheck.objects.select_for_update().get(pk=check.pk)
    found.answer = Answer.CORRECTED if note else Answer.RIGHT
    found.note, found.answered_at, found.answered_by = note, timezone.now(), by
    found.save(update_fields=["answer", "note", "answered_at", "answered_by"])


@dataclass(frozen=True)
class Line:
    """One person as the version prints them."""

    entity: str
    role: str
    line: str


def own_part(check: ListCheck, language: str) -> tuple[str, list[Line]]:
    """The language in which it is shown, and the lines of this delegation in it."""
    there = check.version.languages
    code = language if language in there else there[0]
    own = set(Registration.objects.filter(delegation=check.delegation).values_list("reference", flat=True))
    tree = text_of(check.version, code)
    lines = [
        Line(entity.heading or entity.name, role.heading, layout.line(person, tree))
        for section in tree.sections
        for entity in section.entities
        for role in entity.roles
        for person in role.people
        if person.reference in own
    ]
    return code, lines


def counts(versions: list[ListVersion]) -> dict[int, Counter[str]]:
    """By version: how many were asked, by what they answered; one query."""
    found: dict[int, Counter[str]] = {version.pk: Counter() for version in versions}
    for pk, said in ListCheck.objects.filter(version__in=versions).values_list("version", "answer"):
        found[pk][said] += 1
    return found
