"""Delete answers that were kept as long as promised; the same runs by itself several times a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from registration.questions import forgetting


class Command(BaseCommand):
    help = "Deletes answers to a meeting's own questions whose time is over. With --dry-run it only counts them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, and delete nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        found = forgetting.counts() if dry_run else forgetting.forget()
        for meeting, numbers in found.items():
            for key, number in sorted(numbers.items()):
                self.stdout.write(f"{meeting.slug}\t{key}\t{number}")
        total = sum(numbers.total() for numbers in found.values())
        self.stdout.write(f"{total} {'would be' if dry_run else 'were'} deleted")
