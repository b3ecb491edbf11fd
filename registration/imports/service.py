"""An import from its file to the roster: taken in, read and planned, looked at, and only then written.

A job may be read or written by a worker, by the sweep, or by both at once: whoever comes second finds it done.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from meeting.models import Meeting, User

from ..letters.files import clean_name
from ..letters.upload import TooLargeUpload
from ..mail.broker import publisher
from ..models import Delegation, ImportRow, RosterImport
from . import headings
from .planning import Planned, Planner, StoppedError
from .reader import MOST_BYTES, read_table
from .table import Row, Table, UnreadableFileError

State = RosterImport.State
WAITS = datetime.timedelta(seconds=20)  # for a worker to begin; then the sweep begins
STALLED = datetime.timedelta(seconds=150)  # above the time limit of a task
KEPT = datetime.timedelta(days=7)
MOST_TRIES = 3
SAMPLE = 5  # first rows shown while columns are put right
CHUNK = 1_000
NAMES = {"display_name", "given_names", "family_name", "reference"}

log = structlog.get_logger("placard.imports")


def start(
    meeting: Meeting, delegation: Delegation | None, upload: UploadedFile, by: User, *, needs_word: bool = True
) -> RosterImport:
    """Keep the file and have it read by a worker. UnreadableFileError where it is larger than we take."""
    job = keep(meeting, delegation, upload, by, needs_word=needs_word)
    _announce("read_import", job)
    return job


def keep(
    meeting: Meeting, delegation: Delegation | None, upload: UploadedFile, by: User, *, needs_word: bool
) -> RosterImport:
    """A job that nobody has been told of yet."""
    if isinstance(upload, TooLargeUpload) or (upload.size or 0) > MOST_BYTES:
        raise UnreadableFileError(_("This file is larger than 10 MB. Copy only the rows into a new spreadsheet."))
    job = RosterImport(meeting=meeting, delegation=delegation, by=by, original_name=clean_name(upload.name or ""))
    language = translation.get_language() or "en"
    job.reading = {"language": language, "needs_word": needs_word, "turn": 1, "tries": 0}
    job.file.save("roster", ContentFile(upload.read()), save=False)
    job.save()
    return job


def read_again(job: RosterImport, choices: dict[str, Any]) -> None:
    """Read the file once more, as somebody has said: sheet, encoding, delimiter, fields of the columns."""
    with transaction.atomic():
        locked = RosterImport.objects.select_for_update().get(pk=job.pk)
        if locked.state not in (State.LOOKED_AT, State.UNREADABLE, State.FAILED) or not locked.file:
            return
        table_changes = any(
            locked.reading.get(name) != choices.get(name) for name in ("sheet", "encoding", "delimiter")
        )
        kept = {n: v for n, v in locked.reading.items() if n not in ("fields", "notice")}
        fields = {} if table_changes else {"fields": choices.get("fields")}
        locked.reading = kept | choices | fields | {"turn": locked.reading.get("turn", 1) + 1, "tries": 0}
        if table_changes:
            locked.reading.pop("fields", None)
        locked.state, locked.done, locked.total, locked.stopped, locked.problem = State.READING, 0, 0, False, ""
        locked.save()
    _announce("read_import", job)


def stop(job: RosterImport) -> None:
    """Ask whoever reads this file to leave off."""
    RosterImport.objects.filter(pk=job.pk, state=State.READING).update(stopped=True, changed_at=timezone.now())


def confirm(job: RosterImport, by: User, *, only_good: bool = False, needs_word: bool = False) -> bool:
    """Have it written by a worker; whether it was this call that set it going. Twice is once.

    `needs_word`: whoever confirms may not change by themselves what is approved, whoever has sent the file.
    """
    is_first = set_going(job, by, only_good=only_good, needs_word=needs_word)
    if is_first:
        _announce("write_import", job)
    return is_first


@transaction.atomic
def set_going(job: RosterImport, by: User, *, only_good: bool, needs_word: bool = False) -> bool:
    locked = RosterImport.objects.select_for_update().get(pk=job.pk)
    if locked.state != State.LOOKED_AT or (locked.counts.get("error") and not only_good):
        return False
    waits = needs_word or locked.reading.get("needs_word", True)
    locked.reading |= {"confirmed_by": by.pk, "only_good": only_good, "needs_word": waits, "tries": 0}
    locked.state, locked.problem = State.COMMITTING, ""
    locked.save()
    return True


def _announce(task: str, job: RosterImport) -> None:
    pk = job.pk
    transaction.on_commit(lambda: publisher.announce(task, pk), robust=True)


def preview(pk: int) -> None:
    """Read the file and work out what would become of each row. Writes nothing but the job and its rows."""
    job = _begin(pk, State.READING)
    if job is None:
        return
    with translation.override(job.reading.get("language", "en")):
        try:
            _preview(job)
        except UnreadableFileError as error:
            _end(job, State.UNREADABLE, str(error))
        except StoppedError:
            _end(job, State.FAILED, _("Stopped. Nothing was written."))
            forget_content(job)
        except DatabaseError:
            raise  # away for a moment: the sweep comes back to this
        except Exception as error:
            log.error("import not read", job=pk, exc_info=error)
            _end(job, State.FAILED, _("A fault on our side: the file was not read. Tell the administrator."))


def _begin(pk: int, state: str) -> RosterImport | None:
    """The job, if it is in this state; given up after some tries, as something in it stops whoever reads it."""
    job = RosterImport.objects.select_related("meeting", "delegation__category", "delegation__entity").filter(pk=pk)
    found = job.filter(state=state).first()
    if found is None:
        return None
    if found.delegation:
        found.delegation.meeting = found.meeting
    tries = found.reading.get("tries", 0) + 1
    if tries > MOST_TRIES:
        with translation.override(found.reading.get("language", "en")):
            _end(found, State.FAILED, _("This could not be done in several tries. Divide the file, and try again."))
        return None
    found.reading["tries"] = tries
    RosterImport.objects.filter(pk=pk, state=state).update(reading=found.reading, changed_at=timezone.now())
    return found


def _end(job: RosterImport, state: str, problem: str) -> None:
    current = RosterImport.objects.filter(pk=job.pk, state__in=(State.READING, State.COMMITTING))
    current.update(state=state, problem=problem, changed_at=timezone.now())


def _preview(job: RosterImport) -> None:
    table = open_table(job)
    fields = fields_of(job, table)
    rows = planner(job).plan(table, fields, _ticking(job, len(table.rows)))
    _tell(job, len(rows), len(rows))
    with transaction.atomic():
        locked = RosterImport.objects.select_for_update().get(pk=job.pk)
        if locked.state != State.READING or locked.reading.get("turn") != job.reading.get("turn"):
            return  # read anew meanwhile, or by somebody else
        locked.rows.all()._raw_delete("default")
        ImportRow.objects.bulk_create([as_row(locked, row) for row in rows], batch_size=CHUNK)
        locked.reading |= _seen(job, table, fields)
        locked.state, locked.counts = State.LOOKED_AT, count(rows)
        locked.done = locked.total = len(rows)
        locked.save()


def open_table(job: RosterImport) -> Table:
    chosen = {name: job.reading.get(name) or None for name in ("sheet", "encoding", "delimiter")}
    with job.file.open("rb") as file:
        return read_table(file, job.original_name, **chosen)


def fields_of(job: RosterImport, table: Table) -> list[str]:
    """As somebody has said, where the headings are still those they saw; else by the headings."""
    said = job.reading.get("fields")
    if said and job.reading.get("headings") == table.headings:
        return list(said)
    return headings.match(table.headings, job.meeting)


def planner(job: RosterImport) -> Planner:
    return Planner(job.meeting, job.delegation, needs_word=job.reading.get("needs_word", True))


def _ticking(job: RosterImport, total: int) -> Callable[[int], None]:
    def tick(done: int) -> None:
        if _tell(job, done, total):
            raise StoppedError

    return tick


def _tell(job: RosterImport, done: int, total: int) -> bool:
    """Note how far it is; whether somebody has asked to stop."""
    same = RosterImport.objects.filter(pk=job.pk, state=State.READING)
    same.update(done=done, total=total, changed_at=timezone.now())
    return same.filter(stopped=True).exists()


def _seen(job: RosterImport, table: Table, fields: Sequence[str]) -> dict[str, Any]:
    """What the page shows of the file besides its rows."""
    warnings = list(table.warnings)
    if not NAMES & set(fields):
        warnings.insert(0, _("No column is read as a name. Say below which one it is."))
    if job.delegation is None and "entity" not in fields:
        warnings.insert(0, _("No column says the country or organization. Say below which one it is."))
    return {
        "headings": table.headings,
        "fields": list(fields),
        "heading_row": table.heading_row,
        "sheet": table.sheet,
        "sheets": table.sheets,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "warnings": warnings,
        "sample": [_short(row) for row in table.rows[:SAMPLE]],
    }


def _short(row: Row) -> list[str]:
    return [cell[:60] for cell in row.cells]


def as_row(job: RosterImport, row: Planned) -> ImportRow:
    return ImportRow(
        roster_import=job,
        number=row.number,
        cells=row.cells,
        outcome=row.outcome,
        errors=row.errors,
        warnings=row.warnings,
        changes=row.changes,
        registration_id=row.pk,
    )


def count(rows: Sequence[Planned]) -> dict[str, int]:
    """Rows by outcome, and what deserves a word of its own."""
    found = Counter(str(row.outcome) for row in rows)
    taken = [row for row in rows if row.outcome != ImportRow.Outcome.ERROR]
    fresh = {id(row.delegation) for row in taken if row.delegation is not None and row.delegation.pk is None}
    return dict(found) | {
        "waiting": sum(row.would_wait for row in taken),
        "warned": sum(bool(row.warnings) for row in taken),
        "children": sum(row.is_child for row in taken),
        "delegations": len(fresh),
    }


def forget_content(job: RosterImport) -> None:
    """The file and its rows go; what was counted stays with the job until it goes too."""
    job.rows.all().delete()
    if job.file:
        job.file.delete(save=False)
    left = {name: said for name, said in job.reading.items() if name != "sample"}
    RosterImport.objects.filter(pk=job.pk).update(file="", reading=left)


def forget(older_than: datetime.timedelta = KEPT) -> int:
    """Delete imports that nobody has touched for a week, with their files; how many."""
    old = RosterImport.objects.filter(changed_at__lt=timezone.now() - older_than)
    gone = list(old.exclude(state=State.COMMITTING)[:500])
    for job in gone:
        job.file.delete(save=False)
        job.delete()
    return len(gone)


def sweep() -> int:
    """Take up what no worker has begun or finished: the broker was away, or the worker died. How many."""
    from . import commit  # it stands on this module

    now = timezone.now()
    begun = RosterImport.objects.filter(state__in=(State.READING, State.COMMITTING))
    waiting = begun.filter(reading__tries=0, changed_at__lt=now - WAITS)
    stalled = begun.filter(changed_at__lt=now - STALLED)
    jobs = {job.pk: job.state for job in (*waiting[:3], *stalled[:3])}
    for pk, state in jobs.items():
        log.info("import taken up by the sweep", job=pk, state=state)
        (preview if state == State.READING else commit.write)(pk)
    return len(jobs)
