"""Taking the traces of a child's name out of everything that is not the sealed record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar
from urllib.parse import quote_plus

from django.db import transaction
from django.db.models import Model, Q, QuerySet, TextField
from django.db.models.fields.files import FieldFile
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from meeting.appended import forgetting
from meeting.collation import fold, latin
from meeting.models import AuditEntry

from ..letters import pairing
from ..models import (
    AccessKey,
    Answer,
    BulkDecision,
    BulkRow,
    ChangeCode,
    ChangeProposal,
    DelegationEvent,
    FrozenView,
    ImportRow,
    Letter,
    LetterName,
    Likeness,
    Note,
    OutgoingMail,
    Registration,
    RegistrationEvent,
    RosterImport,
    SavedView,
    Status,
)

M = TypeVar("M", bound=Model)
SHORTEST = 3  # a name of one or two letters would be found in everything
# What the history of a row may keep: which category it came in, and the other half of a substitution.
SAFE_CHANGES = {"category", "registration"}


def names_of(registration: Registration, legal_name: str) -> list[str]:
    """The ways in which the name may stand elsewhere; the longest first."""
    given, family = registration.given_names, registration.family_name
    ways = {legal_name, registration.display_name, registration.passport_name, f"{given} {family}", f"{family} {given}"}
    found = {way.strip() for way in ways if len(way.strip()) >= SHORTEST}
    return sorted(found, key=lambda name: (-len(name), name))


def scrub(registration: Registration, names: list[str]) -> None:
    """Delete or empty what others could read: of this registration everything, elsewhere what has one of `names`.

    Called inside the transaction that seals the record, before the row itself is emptied.
    """
    with forgetting():
        _forget_imports(registration, names)
        _forget_own(registration)
        _empty_history(registration)
        _forget_elsewhere(registration, names)
        _forget_at_the_desk(registration, names)


def _forget_imports(registration: Registration, names: list[str]) -> None:
    """Files with the name, their first rows, and the rows that name it; the file that is being written forgets itself.

    In a spreadsheet the parts of a name stand in cells of their own, in any order.
    """
    jobs = RosterImport.objects.filter(meeting=registration.meeting).exclude(state=RosterImport.State.COMMITTING)
    jobs = jobs.annotate(reading_text=Cast("reading", TextField()))
    rows = ImportRow.objects.filter(roster_import__in=jobs).annotate(cells_text=Cast("cells", TextField()))
    named = Q(registration=registration)
    holding = Q()
    for name in names:
        parts = [rf"\y{re.escape(part)}\y" for part in name.split()]
        named |= Q(*(Q(cells_text__iregex=part) for part in parts))
        holding |= Q(*(Q(reading_text__iregex=part) for part in parts)) | Q(original_name__icontains=name)
    found = dict(rows.filter(named).values_list("pk", "roster_import"))
    for job in jobs.filter(holding | Q(pk__in=set(found.values()))):
        forget_file(job.file)
        job.file, job.original_name = "", "Roster"  # type: ignore[assignment]
        job.reading = {name: said for name, said in job.reading.items() if name not in ("sample", "headings")}
        if job.state in (RosterImport.State.READING, RosterImport.State.LOOKED_AT):
            job.state, job.problem = RosterImport.State.FAILED, _("Stopped. Nothing was written.")
        job.save()
    ImportRow.objects.filter(pk__in=found).update(cells={}, errors={}, warnings={}, changes={})


def _forget_own(registration: Registration) -> None:
    """Links, codes, answers, messages and comparisons: none of them is needed for a child."""
    for model in (AccessKey, ChangeCode, ChangeProposal, Note, OutgoingMail):
        model.objects.filter(registration=registration).delete()
    answers = Answer.objects.filter(registration=registration)
    for answer in answers:
        forget_file(answer.file)
    answers.delete()
    Likeness.objects.filter(Q(first=registration) | Q(second=registration)).delete()
    LetterName.objects.filter(registration=registration).delete()
    Registration.objects.filter(brought_from=registration).update(brought_from=None)
    ImportRow.objects.filter(registration=registration).update(cells={}, errors={}, warnings={}, changes={})


def _empty_history(registration: Registration) -> None:
    """That something happened stays; what was written with it goes, in both halves of a substitution."""
    registration.events.update(reason="", before=None)
    for event in registration.events.exclude(changes={}):
        event.changes = {name: change for name, change in event.changes.items() if name in SAFE_CHANGES}
        event.save(update_fields=["changes"])
    replaced = registration.replaces
    if replaced is not None:
        replaced.events.filter(to_status=Status.WITHDRAWN).update(reason="")
        Registration.objects.filter(pk=replaced.pk).exclude(status=Status.REJECTED).update(status_reason="")


def _forget_elsewhere(registration: Registration, names: list[str]) -> None:
    """What others wrote and sent at this meeting, where it holds the name."""
    meeting = registration.meeting
    _naming(OutgoingMail.objects.filter(meeting=meeting), names, "subject", "text", "html").delete()
    events = DelegationEvent.objects.filter(delegation__meeting=meeting)
    _naming(events, names, "detail").update(detail={})
    _naming(AuditEntry.objects.filter(meeting=meeting), names, "detail").update(detail={})
    _naming(AuditEntry.objects.filter(meeting=meeting), names, "about").update(about="")
    rows = ImportRow.objects.filter(roster_import__meeting=meeting)
    _naming(rows, names, "cells", "changes", "warnings", "errors").update(cells={}, errors={}, warnings={}, changes={})
    others = RegistrationEvent.objects.filter(registration__delegation__entity=registration.delegation.entity)
    _naming(others, names, "reason").update(reason="")
    _from_letters(registration, names)


def _forget_at_the_desk(registration: Registration, names: list[str]) -> None:
    """What colleagues wrote about others and searched for, and what a decision on many has told of each."""
    meeting = registration.meeting
    _naming(Note.objects.filter(registration__meeting=meeting), names, "text").delete()
    in_addresses = [*names, *(quote_plus(name) for name in names)]
    _naming(SavedView.objects.filter(meeting=meeting), in_addresses, "name", "query").delete()
    _naming(FrozenView.objects.filter(meeting=meeting), in_addresses, "name", "query").delete()
    many = BulkDecision.objects.filter(meeting=meeting)
    _naming(many, names, "reason", "texts").update(reason="", texts={})
    _naming(many, in_addresses, "query").update(query="")
    BulkRow.objects.filter(registration=registration).update(told="")
    _naming(BulkRow.objects.filter(bulk__meeting=meeting), names, "told").update(told="")


def _from_letters(registration: Registration, names: list[str]) -> None:
    """Names typed from the letters of the same entity, the pairs with them, and names of files."""
    pairing.forget(registration.pk)
    letters = Letter.objects.filter(meeting=registration.meeting, delegation__entity=registration.delegation.entity)
    keys = Q()
    for name in names:
        keys |= Q(search_key__contains=fold(name)) | Q(search_key__contains=latin(name))
    LetterName.objects.filter(keys, letter__in=letters).delete()
    LetterName.objects.filter(letter__in=letters, remark__in=names).update(remark="")
    _naming(letters, names, "original_name").update(original_name="Letter")


def _naming(rows: QuerySet[M], names: Iterable[str], *columns: str) -> QuerySet[M]:
    """Those of `rows` in which one of `columns`, as text, holds one of `names`."""
    wanted = Q()
    for column in columns:
        rows = rows.annotate(**{f"{column}_text": Cast(column, TextField())})
        for name in names:
            wanted |= Q(**{f"{column}_text__icontains": name})
    return rows.filter(pk__in=rows.filter(wanted).values("pk")) if wanted else rows.none()


def forget_file(file: FieldFile) -> None:
    """Delete a file from the store when the transaction is committed: what was rolled back still has its files."""
    if file:
        storage, name = file.storage, str(file.name)
        transaction.on_commit(lambda: storage.delete(name), robust=True)
