import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from meeting.models import AuditEntry, Meeting, Role, StaffRole, User


class Command(BaseCommand):
    help = (
        "Makes a member of staff of a meeting, or gives one a further role. "
        "A new one gets a generated password, printed once and stored nowhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="what they sign in with")
        parser.add_argument("--meeting", required=True, metavar="SLUG", help="the last part of the meeting's address")
        parser.add_argument("--role", required=True, help=f"one of: {', '.join(Role.values)}")
        parser.add_argument("--name", default="", help="as colleagues see it")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        meeting, role = _meeting(options["meeting"]), _role(options["role"])
        user, password = _user(_email(options["email"]), options["name"])
        _, is_new = StaffRole.objects.get_or_create(user=user, meeting=meeting, role=role)
        if is_new:
            action = AuditEntry.Action.ROLE
            AuditEntry.objects.create(meeting=meeting, action=action, about=user.email, detail={role: [False, True]})
        self.stdout.write(f"{user.email} {'is now' if is_new else 'was already'} {role.label} of {meeting.slug}.")
        if password:
            self.stdout.write(f"Password (shown this once): {password}")
        if not user.is_active:
            self.stderr.write("This account is switched off; an administrator has to switch it on first.")


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise CommandError(f"“{text}” is not an email address.") from None
    return text


def _meeting(slug: str) -> Meeting:
    if meeting := Meeting.objects.filter(slug=slug).first():
        return meeting
    known = ", ".join(Meeting.objects.order_by("slug").values_list("slug", flat=True))
    raise CommandError(f"There is no meeting “{slug}”. " + (f"There are: {known}." if known else "There is none yet."))


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise CommandError(f"There is no role “{text}”. Roles are: {', '.join(Role.values)}.") from None


def _user(email: str, name: str) -> tuple[User, str]:
    """The user with this address, allowed into the admin; and the password of a new one, else nothing."""
    user = User.objects.select_for_update().filter(email__iexact=email).first()
    if user is None:
        password = secrets.token_urlsafe(12)
        return User.objects.create_user(email, password, name=name, is_staff=True), password
    user.is_staff, user.name = True, name or user.name
    user.save(update_fields=["is_staff", "name"])
    return user, ""
