from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from meeting.models import Meeting
from programme.sample import delegates, letters, loader, trial


class Command(BaseCommand):
    help = (
        "Loads the sample meeting (Bangkok, 18-19 September 2008) and the directory it needs. "
        "Writes only what is missing: what organisers changed stays."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--delegates",
            type=int,
            default=0,
            metavar="N",
            help="also make fictitious delegates until there are N of them; for trying out and measuring",
        )

        parser.add_argument(
            "--focal-point",
            default="",
            metavar="EMAIL",
            help="also let this address look after the delegation of Viet Nam; for trying out",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["delegates"]
        if not 0 <= wanted <= delegates.MOST:
            raise CommandError(f"--delegates takes a number from 0 to {delegates.MOST:,}.")
        meeting, written = loader.load()
        self._say(f"Sample meeting {meeting.slug}: {', '.join(written) or 'complete, nothing to add'}.", options)
        if wanted:
            added = delegates.make(meeting, wanted)
            self._say(
                f"FICTITIOUS delegates: {added:,} added, {wanted:,} wanted in all. "
                "Their names, functions and addresses are invented; no mail is sent to them.",
                options,
            )
            self._say(f"FICTITIOUS letters: {letters.make(meeting)} added.", options)
        if email := options["focal_point"]:
            self._give_focal_point(meeting, email, options)

    def _give_focal_point(self, meeting: Meeting, email: str, options: dict[str, Any]) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"--focal-point takes an email address, not {email!r}.") from error
        delegation = trial.give_focal_point(meeting, email)
        self._say(f"{email} looks after {delegation} ({delegation.reference}). Sign in at /delegations/.", options)

    def _say(self, line: str, options: dict[str, Any]) -> None:
        if options["verbosity"]:
            self.stdout.write(line)
