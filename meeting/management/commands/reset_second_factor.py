from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from meeting.account import factors
from meeting.models import User


class Command(BaseCommand):
    help = (
        "Takes app, passkeys and recovery codes from a member of staff who has lost them, signs them out everywhere. "
        "They sign in with the password and set up a second factor anew. Make sure first that it is they who ask."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="what they sign in with")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"].strip(), is_staff=True).first()
        if user is None:
            raise CommandError(f"No member of staff signs in with “{options['email']}”.")
        factors.take_away_all(user, by=None)
        self.stdout.write(f"{user.email} has no second factor any more, and is signed out everywhere.")
