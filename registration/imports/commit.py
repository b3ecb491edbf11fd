"""Writing a confirmed import: all of it in one transaction, or nothing.

The rows are worked out once more under a lock. Where anything has become otherwise than what was confirmed, nothing is
written and the new preview is shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from meeting.models import AuditEntry, User

from .. import rows as roster_rows
from .. import workflow
from ..models import (
    Answer,
    Channel,
    Delegation,
    DelegationEvent,
    ImportRow,
    Registration,
    RegistrationEvent,
    RosterImport,
    Status,
    new_reference,
)
from ..questions import answers, past
from ..safeguarding import intake
from ..workflow.base import must_be_complete
from ..workflow.changes import DERIVED, follow_address
from . import service
from .planning import Planned
from .table import UnreadableFileError

Outcome = ImportRow.Outcome
State = RosterImport.State
BATCH = 500
LOCK = 0x1A0D  # of imports, among the advisory locks of the database; the meeting is the second half
# Whoever is not approved, and stays in the same category, can be written together with others.
TOGETHER = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.WAITLISTED)

log = structlog.get_logger("placard.imports")


class ChangedMeanwhileError(Exception):
    """The roster is no longer what the preview was made from."""


def write(pk: int) -> None:
    """Write a confirmed import. Whatever goes wrong is told on its page, and nothing of it is written."""
    job = service._begin(pk, State.COMMITTING)
    if job is None:
        return
    with translation.override(job.reading.get("language", "en")):
        try:
            _write(job)
        except ChangedMeanwhileError:
            _look_again(job)
        except (workflow.MoveNotAllowed, UnreadableFileError) as refusal:
            service._end(job, State.FAILED, _("Nothing was written. %(why)s") % {"why": refusal})
        except Exception as error:
            log.error("import failed", job=pk, exc_info=error)
            service._end(job, State.FAILED, _("A fault on our side: nothing was written. Try again later."))


def _look_again(job: RosterImport) -> None:
    notice = _("The roster has changed since you looked, so nothing was written. Look at this again, and confirm.")
    job.reading |= {"notice": notice, "tries": 0, "turn": job.reading.get("turn", 1) + 1}
    current = RosterImport.objects.filter(pk=job.pk, state=State.COMMITTING)
    if current.update(state=State.READING, reading=job.reading, done=0, total=0, changed_at=timezone.now()):
        service._announce("read_import", job)


@transaction.atomic
def _write(job: RosterImport) -> None:
    with connection.cursor() as cursor:
        # One file of a meeting after the other: two that bring the same people must see each other's.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, job.meeting_id])
    locked = RosterImport.objects.select_for_update().get(pk=job.pk)
    if locked.state != State.COMMITTING:
        return
    by = User.objects.get(pk=locked.reading["confirmed_by"])
    table = service.open_table(job)
    planned = service.planner(job).plan(table, service.fields_of(job, table), lambda done: None, lock=True)
    _as_confirmed(locked, planned)
    taken = [row for row in planned if row.outcome in (Outcome.CREATED, Outcome.UPDATED)]
    Writer(job, by).write(taken)
    _note(job, planned, by)
    _settle(locked, planned)


def _as_confirmed(job: RosterImport, planned: Sequence[Planned]) -> None:
    """What was confirmed is what will be written, or nothing is."""
    seen = {
        number: (outcome, changes) for number, outcome, changes in job.rows.values_list("number", "outcome", "changes")
    }
    now = {row.number: (str(row.outcome), row.changes) for row in planned}
    if seen != now:
        raise ChangedMeanwhileError
    if any(row.errors for row in planned) and not job.reading.get("only_good"):
        raise ChangedMeanwhileError


class Writer:
    """Writes planned rows in as few statements as the rules allow."""

    def __init__(self, job: RosterImport, by: User) -> None:
        self.job, self.by, self.meeting = job, by, job.meeting
        self.answered: dict[int, past.Past] = {}

    def write(self, taken: Sequence[Planned]) -> None:
        self._make_delegations(taken)
        children = [row for row in taken if row.is_child]
        rest = [row for row in taken if not row.is_child]
        self._create([row for row in rest if row.outcome == Outcome.CREATED])
        changed = [row for row in rest if row.outcome == Outcome.UPDATED]
        together = [row for row in changed if _goes_together(row)]
        self.answered = past.between_all({row.registration: row.answers for row in changed if row.registration})
        self._change_together(together)
        for row in changed:
            if row not in together:
                self._change_one(row)
            if row.answers and row.registration:
                answers.save(row.registration, row.answers)
        for row in children:
            self._take_in(row)

    def _make_delegations(self, taken: Sequence[Planned]) -> None:
        """Several rows stand on one new delegation, which is one object."""
        for row in taken:
            fresh = row.delegation
            if fresh is None or fresh.pk is not None:
                continue
            made, _is_new = Delegation.objects.get_or_create(
                meeting=self.meeting,
                category=fresh.category,
                entity=fresh.entity,
                defaults={"name": fresh.name, "sort_key": fresh.sort_key, "reference": fresh.reference},
            )
            fresh.pk, fresh.reference = made.pk, made.reference
            fresh._state.adding = False

    def _create(self, fresh: Sequence[Planned]) -> None:
        references = self._free_references(len(fresh))
        registrations = []
        for row, reference in zip(fresh, references, strict=True):
            registration = row.registration
            if registration is None or row.delegation is None:
                continue
            registration.delegation, registration.reference = row.delegation, reference
            registration.channel = Channel.IMPORT
            registration.derive_keys()
            registrations.append(registration)
        _put_last(registrations)
        Registration.objects.bulk_create(registrations, batch_size=BATCH)
        given = [
            Answer(registration=row.registration, question=question, value=value)
            for row in fresh
            for question, value in row.answers.items()
            if value is not None
        ]
        Answer.objects.bulk_create(given, batch_size=BATCH)

    def _free_references(self, count: int) -> list[str]:
        """So many references that nobody has."""
        free: set[str] = set()
        while len(free) < count:
            free |= {new_reference(self.meeting.reference_prefix) for _n in range(count - len(free))}
            free -= set(Registration.objects.filter(reference__in=free).values_list("reference", flat=True))
        return sorted(free)

    def _change_together(self, changed: Sequence[Planned]) -> None:
        """What workflow.edit does for one, for many that are locked already."""
        fields: set[str] = set()
        events, registrations = [], []
        for row in changed:
            registration = row.registration
            if registration is None:
                continue
            if row.values:
                self._fill(registration, row)
                fields |= set(row.values)
                registrations.append(registration)
            if registration.status != Status.DRAFT and self._changes(row):
                events.append(self._edited(registration, row))
        if registrations:
            Registration.objects.bulk_update(registrations, [*fields, "unparsed", *DERIVED], batch_size=BATCH)
        RegistrationEvent.objects.bulk_create(events, batch_size=BATCH)
        for event in events:
            if "email" in event.changes:
                follow_address(event.registration, event)

    def _fill(self, registration: Registration, row: Planned) -> None:
        for name, value in row.values.items():
            setattr(registration, name, value)
        registration.unparsed = {n: text for n, text in registration.unparsed.items() if n not in row.read.values}
        registration.changed_at = timezone.now()
        registration.derive_keys()
        if registration.status != Status.DRAFT:
            must_be_complete(registration)

    def _edited(self, registration: Registration, row: Planned) -> RegistrationEvent:
        return RegistrationEvent(
            registration=registration,
            action=RegistrationEvent.Action.EDITED,
            from_status=registration.status,
            to_status=registration.status,
            by=self.by,
            changes=self._changes(row),
        )

    def _changes(self, row: Planned) -> dict[str, Any]:
        """For the history. The preview has the words of every answer; here stands what may be read for longer."""
        answered = self.answered.get(row.registration.pk, {}) if row.registration else {}
        return {name: row.changes[name] for name in row.values} | answered

    def _change_one(self, row: Planned) -> None:
        if row.registration and self._changes(row):
            needs_word, answered = self.job.reading.get("needs_word", True), self.answered.get(row.registration.pk)
            workflow.edit(row.registration.pk, row.values, by=self.by, needs_word=needs_word, answered=answered)

    def _take_in(self, row: Planned) -> None:
        """A child: the row says nothing from the first moment, and neither does what is left of the file."""
        registration, values = row.registration, row.read.values
        if registration is None or row.delegation is None:
            return
        if registration.pk is None:
            registration.delegation, registration.channel = row.delegation, Channel.IMPORT
        names = (values.get(n, "") for n in ("given_names", "family_name"))
        legal = values.get("passport_name") or roster_rows.joined(*names) or values.get("display_name", "")
        intake.take_in(registration, legal_name=legal, birth_date=values["birth_date"], by=self.by)


def _put_last(fresh: Sequence[Registration]) -> None:
    """Behind those who are on the roster, in the order of the file, unless the file says where they stand."""
    delegations = {registration.delegation_id for registration in fresh}
    found = Registration.objects.filter(delegation__in=delegations).order_by()
    last = {pk: place or 0 for pk, place in found.values_list("delegation").annotate(place=Max("precedence"))}
    for registration in fresh:
        place = last[registration.delegation_id] = last.get(registration.delegation_id, 0) + 1
        if registration.precedence is None:
            registration.precedence = place


def _goes_together(row: Planned) -> bool:
    registration = row.registration
    return registration is not None and registration.status in TOGETHER and "category" not in row.values


def _note(job: RosterImport, planned: Sequence[Planned], by: User) -> None:
    """Into the history of each delegation and of the meeting: how many, from which file."""
    by_delegation: dict[int, Counter[str]] = defaultdict(Counter)
    for row in planned:
        if row.delegation is not None and row.outcome in (Outcome.CREATED, Outcome.UPDATED):
            by_delegation[row.delegation.pk][str(row.outcome)] += 1
    DelegationEvent.objects.bulk_create(
        DelegationEvent(
            delegation_id=pk,
            by=by,
            action=DelegationEvent.Action.IMPORTED,
            detail={"file": job.original_name, **numbers},
        )
        for pk, numbers in by_delegation.items()
    )
    if job.delegation is None:
        detail = {"file": job.original_name, **job.counts}
        AuditEntry.objects.create(
            meeting=job.meeting, by=by, action=AuditEntry.Action.IMPORTED, about=job.original_name, detail=detail
        )


def _settle(job: RosterImport, planned: Sequence[Planned]) -> None:
    """Done. Rows point at what they became; where a child is among them, the file goes at once."""
    numbers = [row.number for row in planned if row.outcome == Outcome.CREATED and row.registration]
    pks = [row.registration.pk for row in planned if row.outcome == Outcome.CREATED and row.registration]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registration_importrow AS r SET registration_id = n.pk "
            "FROM unnest(%s::int[], %s::bigint[]) AS n (number, pk) "
            "WHERE r.roster_import_id = %s AND r.number = n.number",
            [numbers, pks, job.pk],
        )
    children = [row.number for row in planned if row.is_child and row.outcome != Outcome.ERROR]
    if children:
        job.rows.filter(number__in=children).update(cells={}, changes={}, warnings={})
        storage, name = job.file.storage, job.file.name or ""
        job.file = ""  # type: ignore[assignment]
        transaction.on_commit(lambda: storage.delete(name), robust=True)
    job.state, job.problem = State.DONE, ""
    job.reading = {name: said for name, said in job.reading.items() if name not in ("notice", "sample")}
    job.save()
