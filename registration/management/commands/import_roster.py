"""A roster from a file, without a browser: looked at by default, written with --commit."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError

from meeting.models import Meeting, Role, User
from registration.imports import commit, headings, service
from registration.imports.reader import MOST_BYTES
from registration.imports.table import UnreadableFileError
from registration.models import Delegation, ImportRow, RosterImport

State = RosterImport.State
OUTCOMES = ImportRow.Outcome.values
COMMAND = "import-roster@localhost"


class Command(BaseCommand):
    help = (
        "Reads a roster from XLSX or CSV and tells what each row would do; with --commit it is written. "
        "Ends with 0 only when no row is in error."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("meeting", help="the last part of its address, such as eap-2008")
        parser.add_argument("file", type=Path, help="XLSX, ODS, XLS or CSV")
        parser.add_argument("--delegation", metavar="REF", help="reference such as D-7F3K2M4; else each row says whose")
        parser.add_argument("--commit", action="store_true", help="write all rows, or none where one is in error")
        parser.add_argument("--good-rows", action="store_true", help="with --commit: write the others where some are")
        parser.add_argument("--json", action="store_true", help="each row as JSON, for other programs")
        parser.add_argument(
            "--by", metavar="EMAIL", help="whose name stands in the history; else an administrator's or an organiser's"
        )
        for name in ("sheet", "encoding", "delimiter"):
            parser.add_argument(f"--{name}", help=f"the {name}, where the file does not say it")

    def handle(self, *args: Any, **options: Any) -> None:
        job = self._take_in(options)
        try:
            told = self._run(job, options)
        finally:
            service.forget_content(job)
            job.delete()
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) if options["json"] else _as_text(told))
        if told["problem"] or told["counts"]["error"]:
            raise SystemExit(1)

    def _take_in(self, options: dict[str, Any]) -> RosterImport:
        meeting = Meeting.objects.filter(slug=options["meeting"]).first()
        if meeting is None:
            raise CommandError(f"There is no meeting at “{options['meeting']}”.")
        try:
            sent = SimpleUploadedFile(options["file"].name, _content(options["file"]))
            return service.keep(meeting, _delegation(meeting, options), sent, _user(meeting, options), needs_word=False)
        except UnreadableFileError as error:
            raise CommandError(str(error)) from error

    def _run(self, job: RosterImport, options: dict[str, Any]) -> dict[str, Any]:
        """Read, and write where that was asked for; what there is to tell."""
        job.reading |= {name: options[name] for name in ("sheet", "encoding", "delimiter") if options[name]}
        job.save()
        service.preview(job.pk)
        job.refresh_from_db()
        wanted = options["commit"] and job.state == State.LOOKED_AT
        if wanted and service.set_going(job, job.by, only_good=options["good_rows"]):
            commit.write(job.pk)
            job.refresh_from_db()
        return told(job)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CommandError(f"{path} is larger than 10 MB.")
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be opened: {error.strerror}.") from error


def _delegation(meeting: Meeting, options: dict[str, Any]) -> Delegation | None:
    if not options["delegation"]:
        return None
    around = Delegation.objects.select_related("category", "entity")
    found = around.filter(meeting=meeting, reference=options["delegation"].upper()).first()
    if found is None:
        raise CommandError(f"This meeting has no delegation {options['delegation']}.")
    return found


def _user(meeting: Meeting, options: dict[str, Any]) -> User:
    """Whose name stands in the history: who was named, else an administrator, an organiser, or the command itself."""
    accounts = User.objects.filter(is_active=True).order_by("pk")
    if options["by"]:
        named = accounts.filter(email__iexact=options["by"]).first()
        if named is None:
            raise CommandError(f"There is no account with the address {options['by']}.")
        return named
    organisers = accounts.filter(staff_roles__meeting=meeting, staff_roles__role=Role.ORGANISER)
    return accounts.filter(is_superuser=True).first() or organisers.first() or _nobody()


def _nobody() -> User:
    """An account that nobody can sign in with, for a server on which there is no other yet."""
    found = User.objects.filter(email=COMMAND).first()
    return found or User.objects.create_user(COMMAND, name="manage.py import_roster", is_active=False)


def told(job: RosterImport) -> dict[str, Any]:
    """The whole of --json. The guide for administrators explains it; names are added, never changed."""
    labels = headings.labels(job.meeting)
    columns = zip(job.reading.get("headings", []), job.reading.get("fields", []), strict=False)
    waits = job.state == State.READING  # the roster was changed by somebody else in these seconds
    return {
        "meeting": job.meeting.slug,
        "delegation": job.delegation.reference if job.delegation else None,
        "file": job.original_name,
        "committed": job.state == State.DONE,
        "problem": job.reading.get("notice", "") if waits else job.problem,
        "counts": {**dict.fromkeys((*OUTCOMES, "waiting"), 0), **job.counts},
        "columns": [{"heading": h, "field": f, "label": labels.get(f, "") if f else ""} for h, f in columns],
        "warnings": job.reading.get("warnings", []),
        "rows": [_row(row) for row in job.rows.select_related("registration").order_by("number")],
    }


def _row(row: ImportRow) -> dict[str, Any]:
    return {
        "row": row.number,
        "outcome": row.outcome,
        "reference": row.registration.reference if row.registration else None,
        "errors": row.errors,
        "warnings": row.warnings,
        "changes": row.changes,
    }


def _as_text(told: dict[str, Any]) -> str:
    lines = [told["problem"]] if told["problem"] else []
    lines += told["warnings"]
    labels = {column["field"]: column["label"] for column in told["columns"] if column["field"]}
    for row in told["rows"]:
        for kind, said in (("", row["errors"]), ("look: ", row["warnings"])):
            lines += [f"row {row['row']}, {kind}{labels.get(f, f) or 'the row'}: {text}" for f, text in said.items()]
    counts = told["counts"]
    lines.append(
        f"{counts['created']} new, {counts['updated']} changed, {counts['unchanged']} as they are, "
        f"{counts['error']} in error."
    )
    lines.append("Written." if told["committed"] else "Nothing was written.")
    return "\n".join(lines)
