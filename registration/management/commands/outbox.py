"""How the outbox stands, for people and for a monitor."""

from __future__ import annotations

import datetime
import json
import sys
from collections import defaultdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError, connection
from django.db.models import Count, Min
from django.utils import timezone

from registration.mail import alarms, stages
from registration.mail.stages import Stage
from registration.models import OutgoingMail

# What whoever runs the installation does where messages wait for somebody's word, and nothing else is wrong.
ADVICE = {
    Stage.FAILED: "Open them under Messages at the desk, read the answer, then correct the address, send or stop them.",
    Stage.UNCLEAR: "Find out whether they arrived; then take them as sent, or send them again, at the desk.",
}
# The words of the command line, which are those of the JSON too.
Rows = dict[str, dict[str, dict[str, Any]]]


class Command(BaseCommand):
    help = (
        "Counts messages by meeting and stage, with the oldest of each. Exits 1 when a message has failed or is "
        "unclear and nobody has looked at it yet, when one is more than 15 minutes late, when many are not taken, or "
        "when the mail server does not accept us; else 0."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = _rows()
            wrong = [*_told(alarms.standing()), *_waiting(rows)]
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(_no_database(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(rows, wrong)))
        else:
            self._print(rows, wrong)
        if wrong:
            sys.exit(1)

    def _print(self, rows: Rows, wrong: list[dict[str, Any]]) -> None:
        self.stdout.write(f"{'meeting':<24} {'stage':<10} {'messages':>9}  oldest")
        for meeting, found in rows.items():
            for stage, row in found.items():
                self.stdout.write(f"{meeting:<24} {stage:<10} {row['count']:>9}  {_age(row['oldest'])}")
        if not rows:
            self.stdout.write("No message yet.")
        for one in wrong:
            self.stdout.write(self.style.ERROR(f"{one['what']}: {one['in_words']}"))


def _rows() -> Rows:
    """By meeting and stage, in the order of the stages; one query."""
    mails = OutgoingMail.objects.order_by().annotate(stage=stages.in_sql()).values_list("meeting__slug", "stage")
    found = {(slug, stage): (n, oldest) for slug, stage, n, oldest in mails.annotate(Count("pk"), Min("created_at"))}
    rows: Rows = defaultdict(dict)
    for slug in sorted({slug for slug, _stage in found}):
        for stage in Stage:
            if (slug, stage.value) in found:
                n, oldest = found[slug, stage.value]
                rows[slug][stage.value] = {"count": n, "oldest": oldest}
    return dict(rows)


def _told(wrong: list[alarms.Wrong]) -> list[dict[str, Any]]:
    """Of what is unclear each row of the table is told below, with what to do."""
    return [
        {"what": one.what.value, "meeting": one.meeting, "count": one.count, "answer": one.answer,
         "in_words": one.in_words}
        for one in wrong
        if one.what != alarms.What.UNCLEAR
    ]  # fmt: skip


def _waiting(rows: Rows) -> list[dict[str, Any]]:
    """The messages of each meeting that somebody must decide on."""
    return [
        {"what": stage.value, "meeting": slug, "count": found[stage.value]["count"], "answer": "",
         "in_words": f"{slug}: {found[stage.value]['count']} {stage.value}. {ADVICE[stage]}"}
        for slug, found in rows.items()
        for stage in stages.GONE_WRONG
        if stage.value in found
    ]  # fmt: skip


def _no_database(error: Exception) -> str:
    reason = str(error).strip().partition("\n")[0]
    return (
        f"No database of Placard answers at {connection.settings_dict['HOST'] or 'localhost'}: {reason}. "
        "Run this with the same PLACARD_LOCAL, or DATABASE_URL, as the server, and make sure that the server has "
        "been started once."
    )


def _as_json(rows: Rows, wrong: list[dict[str, Any]]) -> dict[str, Any]:
    total = {
        stage.value: sum(row[stage.value]["count"] for row in rows.values() if stage.value in row) for stage in Stage
    }
    meetings = {
        slug: {stage: {"count": row["count"], "oldest": row["oldest"].isoformat()} for stage, row in found.items()}
        for slug, found in rows.items()
    }
    return {"ok": not wrong, "total": total, "meetings": meetings, "wrong": wrong}


def _age(moment: datetime.datetime) -> str:
    minutes = int((timezone.now() - moment).total_seconds() // 60)
    hours, days = minutes // 60, minutes // (24 * 60)
    return f"{days} d" if days else f"{hours} h" if hours else f"{minutes} min"
