"""How the outbox stands, for people and for a monitor."""

from __future__ import annotations

import datetime
import json
import sys
from collections import defaultdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Count, Min
from django.utils import timezone

from registration.mail import alarms, stages
from registration.mail.stages import Stage
from registration.models import OutgoingMail

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
        rows, wrong = _rows(), alarms.standing()
        is_well = not wrong and not any(stage.value in row for row in rows.values() for stage in stages.GONE_WRONG)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(rows, wrong, is_well)))
        else:
            self._print(rows, wrong)
        if not is_well:
            sys.exit(1)

    def _print(self, rows: Rows, wrong: list[alarms.Wrong]) -> None:
        self.stdout.write(f"{'meeting':<24} {'stage':<10} {'messages':>9}  oldest")
        for meeting, found in rows.items():
            for stage, row in found.items():
                self.stdout.write(f"{meeting:<24} {stage:<10} {row['count']:>9}  {_age(row['oldest'])}")
        if not rows:
            self.stdout.write("No message yet.")
        for one in wrong:
            self.stdout.write(self.style.ERROR(f"{one.what.value}: {one.in_words}"))


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


def _as_json(rows: Rows, wrong: list[alarms.Wrong], is_well: bool) -> dict[str, Any]:
    total = {
        stage.value: sum(row[stage.value]["count"] for row in rows.values() if stage.value in row) for stage in Stage
    }
    meetings = {
        slug: {stage: {"count": row["count"], "oldest": row["oldest"].isoformat()} for stage, row in found.items()}
        for slug, found in rows.items()
    }
    told = [{"what": one.what.value, "meeting": one.meeting, "count": one.count, "answer": one.answer} for one in wrong]
    return {"ok": is_well, "total": total, "meetings": meetings, "wrong": told}


def _age(moment: datetime.datetime) -> str:
    minutes = int((timezone.now() - moment).total_seconds() // 60)
    hours, days = minutes // 60, minutes // (24 * 60)
    return f"{days} d" if days else f"{hours} h" if hours else f"{minutes} min"
