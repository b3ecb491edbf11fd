"""The list of participants as a file, without a browser."""

from __future__ import annotations

import datetime
import json
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from meeting.models import AuditEntry, Meeting
from registration.management import output
from registration.models import Basis
from registration.participants import profiles
from registration.participants.build import build, language_of
from registration.participants.noticed import warnings
from registration.participants.profile import Profile, ProfileError, read
from registration.participants.tree import Tree

LANGUAGES = "en, fr, es, ru, zh, ar"


class Command(BaseCommand):
    help = "Writes the list of participants of a meeting as it stands now. What is worth a look is told beside it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("meeting", help="the last part of its address, such as eap-2008")
        parser.add_argument("--profile", help=f"{', '.join(profiles.names())}, or a TOML file; else the meeting's own")
        parser.add_argument("--language", default="en", help=f"one of {LANGUAGES}")
        parser.add_argument("--basis", help=f"one of {', '.join(Basis.values)}; else the meeting's own")
        parser.add_argument("--on", metavar="DATE", help="names of States as of this day, such as 2008-09-18")
        parser.add_argument("--format", default="docx", help=f"one of {', '.join(FORMATS)}")
        parser.add_argument("--output", required=True, help="the file to write; - for the standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        meeting = _meeting(options["meeting"])
        writer = _known(options["format"], FORMATS, "format")
        tree = self._tree(meeting, options)
        content = writer(tree)
        with output.opened(options["output"]) as file:
            _record(meeting, tree, options)  # before anything leaves
            file.write(content)
        for notice in warnings(meeting, tree):
            self.stderr.write(f"Look at this: {notice.text}")
        if options["output"] != output.STANDARD:
            self.stderr.write(f"{options['output']} is written. People in the list: {tree.count}.")

    def _tree(self, meeting: Meeting, options: dict[str, Any]) -> Tree:
        basis = _known(options["basis"], {b: b for b in Basis.values}, "basis") if options["basis"] else None
        try:
            language = language_of(options["language"])
            return build(
                meeting, language=language, profile=_profile(options["profile"]), basis=basis, on=_day(options["on"])
            )
        except (ProfileError, ValueError) as error:
            raise CommandError(str(error)) from error


def _docx(tree: Tree) -> bytes:
    from registration.participants import docx

    return docx.write(tree)


def _pdf(tree: Tree) -> bytes:
    from registration.participants import pdf

    return pdf.write(tree)


def _xlsx(tree: Tree) -> bytes:
    from registration.participants import flat

    return flat.write(tree)


def _html(tree: Tree) -> bytes:
    from registration.participants import page

    return page.write(tree)


def _json(tree: Tree) -> bytes:
    return json.dumps(tree.as_json(), ensure_ascii=False, indent=1).encode() + b"\n"


# Each brings its own libraries, which nobody waits for who wants another one.
FORMATS: dict[str, Callable[[Tree], bytes]] = {
    "docx": _docx, "pdf": _pdf, "html": _html, "xlsx": _xlsx, "json": _json,
}  # fmt: skip


def _meeting(slug: str) -> Meeting:
    found = Meeting.objects.select_related("venue").filter(slug=slug).first()
    if found is None:
        there = ", ".join(Meeting.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise CommandError(f"There is no meeting at “{slug}”. There are: {there or 'none yet'}.")
    return found


def _profile(asked: str | None) -> Profile | None:
    if not asked:
        return None
    return read(Path(asked)) if asked.endswith(".toml") else profiles.load(asked)


def _day(text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise CommandError(f"“{text}” is no date. Write it like 2008-09-18.") from None


def _known(asked: str, table: dict[str, Any], what: str) -> Any:
    if asked not in table:
        raise CommandError(f"There is no {what} “{asked}”. There are: {', '.join(table)}.")
    return table[asked]


def _record(meeting: Meeting, tree: Tree, options: dict[str, Any]) -> None:
    AuditEntry.objects.create(
        meeting=meeting,
        action=AuditEntry.Action.EXPORT,
        about=options["format"].upper(),
        detail={
            "list": "participants",
            "format": options["format"],
            "language": tree.language,
            "profile": tree.profile,
            "count": tree.count,
            "command": "list_of_participants",
        },
    )
