"""Takes in one report about a message from standard input: what a mail server pipes to us.

    bounces: "|/srv/placard/manage.py receive_bounce"

With 75 the mail server keeps the report and tries again; anything else is dealt with.
"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from registration.bounces.dsn import LARGEST
from registration.bounces.receiving import receive

TRY_AGAIN = 75  # EX_TEMPFAIL
CHUNK = 64 * 1024


class Command(BaseCommand):
    help = "Take in one report about a message (a bounce) from standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("recipient", nargs="?", default="", help="whom it was delivered to, as ${recipient} has it")

    def handle(self, *args: Any, recipient: str, **options: Any) -> None:
        try:
            became = receive(_standard_input(), recipient)
        except DatabaseError:
            self.stderr.write("The database cannot be reached; try again later.")
            sys.exit(TRY_AGAIN)
        self.stdout.write(became.value)


def _standard_input() -> bytes:
    """The beginning. The rest is read as well, or the mail server takes the broken pipe for a failure."""
    kept = sys.stdin.buffer.read(LARGEST)
    while sys.stdin.buffer.read(CHUNK):
        pass
    return kept
