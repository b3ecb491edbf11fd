"""May somebody have this list, or this file of it, now? Asked when it is asked for, made, and fetched."""

from __future__ import annotations

from django.utils.translation import gettext as _

from meeting.models import Meeting, User

from .. import rules
from ..lists.asked import columns_of
from ..models import Category, ExportFormat, known_to
from .choosing import Choice
from .recording import Held


class RefusedError(Exception):
    """Why there is no file, in a sentence for whoever asked."""


def can_export_at_all(user: User, meeting: Meeting) -> bool:
    """Also whoever may not sign in any more has no file made for them."""
    return user.is_active and user.is_staff and rules.can_export(user, meeting)


def check_role(user: User, meeting: Meeting) -> None:
    if not can_export_at_all(user, meeting):
        raise RefusedError(_("You may not export lists of this meeting any more. Ask an organiser of it for a role."))


def kept_of(choice: Choice) -> Held:
    """Beside what the history says: by what to tell whether the reader may still have it."""
    return {"contact": choice.wants_contact, "categories": choice.categories()}


def check_file(user: User, meeting: Meeting, held: Held) -> None:
    """Raises where the file holds what `user` may not read any more."""
    check_role(user, meeting)
    if held.get("contact") and not rules.can_read_contact(user, meeting):
        raise RefusedError(_("It holds email and telephone, which you may not read any more. Ask for it once more."))
    answers = {name for name in held.get("columns", []) if name.startswith("q_")}
    if answers - {column.name for column in columns_of(meeting, user)}:
        raise RefusedError(_("It holds answers that you may not read any more. Ask for it once more."))
    known = Category.objects.filter(known_to(user, "meeting", "pk"), meeting=meeting)
    if set(held.get("categories", [])) - set(known.values_list("pk", flat=True)):
        raise RefusedError(_("It holds people whom you may not see any more. Ask for it once more."))


def check_contacts(user: User, meeting: Meeting, file_format: str) -> None:
    if file_format == ExportFormat.VCARD and not rules.can_read_contact(user, meeting):
        raise RefusedError(_("Contacts are for those who read email and telephone. Ask an organiser for them."))
