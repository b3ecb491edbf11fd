"""The attendee list as a file, without a browser."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.utils import translation

from meeting.models import Meeting, User
from registration.exports import allowed, making, recording
from registration.exports.choosing import Choice, choose
from registration.exports.options import STREAMED, Dialect, Headings, Options
from registration.lists.copying import ExportBrokenError
from registration.management import output
from registration.models import ExportFormat, SavedView
from registration.participants.build import language_of

PIECE = 1 << 16
NOBODY = 0  # nobody has this number


class Command(BaseCommand):
    help = (
        "Writes the attendee list of a meeting, or a view of it, as it is exported at the desk. Without --by it holds "
        "everybody and all that an administrator reads; restricted answers only with --restricted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("meeting", help="the last part of its address, such as eap-2008")
        parser.add_argument("--view", metavar="NAME", help="a view that somebody has kept at the desk; else everybody")
        parser.add_argument("--format", required=True, help=f"one of {', '.join(ExportFormat.values)}")
        parser.add_argument("--output", required=True, help="the file to write; - for the standard output")
        parser.add_argument("--language", default="en", help="of headings and words: en, fr, es, ru, zh or ar")
        parser.add_argument(
            "--headings", default=Headings.PEOPLE.value, help="people, or machines: names and codes that never change"
        )
        parser.add_argument("--dialect", default=Dialect.COMMA.value, help="of CSV: comma, semicolon or tab")
        parser.add_argument("--bom", action="store_true", help="CSV with a byte-order mark")
        parser.add_argument("--restricted", action="store_true", help="with restricted answers; give a --reason too")
        parser.add_argument("--reason", default="", help="what it is for; stands in the history")
        parser.add_argument(
            "--by", metavar="EMAIL", help="somebody of the desk: what they may export, under their name"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["restricted"] and not options["reason"]:
            raise CommandError("Restricted answers leave only with a reason. Give it with --reason.")
        meeting = _meeting(options["meeting"])
        user = _user(meeting, options["by"])
        with translation.override(_language(options["language"])):
            choice = _choice(meeting, user, options)
            count = _count(choice)
            with output.opened(options["output"]) as file:
                held = recording.held_by(choice, count)
                recording.record(
                    meeting, held, by=user if user.pk else None, reason=options["reason"], command="export_list"
                )
                _write(choice, file)
        if options["output"] != output.STANDARD:
            self.stderr.write(f"{options['output']} is written. People in it: {count}.")


def _choice(meeting: Meeting, user: User, options: dict[str, Any]) -> Choice:
    file_format = _known(options["format"], ExportFormat.values, "format")
    made = Options(
        headings=_known(options["headings"], Headings.values, "kind of headings"),
        dialect=_known(options["dialect"], Dialect.values, "dialect"),
        bom=options["bom"],
    )
    view = _view(meeting, user, options["view"]) if options["view"] is not None else None
    data = QueryDict(view.query if view else "", mutable=True)
    if options["restricted"]:
        data["with"] = "needs"
    return choose(user, meeting, data, file_format, made, view=view.name if view else "")


def _write(choice: Choice, file: IO[bytes]) -> None:
    try:
        output.write_all(file, making.stream(choice) if choice.format in STREAMED else _pieces(choice))
    except ExportBrokenError as error:
        raise CommandError("The database stopped in the middle. Nothing was kept; try again.") from error


def _pieces(choice: Choice) -> Iterator[bytes]:
    with making.build(choice) as built:
        while piece := built.read(PIECE):
            yield piece


def _count(choice: Choice) -> int:
    count, most = choice.count(), choice.most()
    if most is not None and count > most:
        raise CommandError(f"{count} people are more than the {most} that fit into {choice.format}. Take csv or json.")
    return count


def _meeting(slug: str) -> Meeting:
    found = Meeting.objects.filter(slug=slug).first()
    if found is None:
        there = ", ".join(Meeting.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise CommandError(f"There is no meeting at “{slug}”. There are: {there or 'none yet'}.")
    return found


def _user(meeting: Meeting, email: str | None) -> User:
    """Who sits at the machine may read what is on it; with `email` as much as that colleague may."""
    if email is None:
        return User(pk=NOBODY, is_active=True, is_staff=True, is_superuser=True)
    found = User.objects.filter(email__iexact=email).first()
    if found is None:
        raise CommandError(f"Nobody has an account under {email}.")
    if not allowed.can_export_at_all(found, meeting):
        raise CommandError(f"{email} may not export lists of this meeting.")
    return found


def _view(meeting: Meeting, user: User, name: str) -> SavedView:
    """By its name; the one of `user` before those that are shared, and these before anybody's."""
    kept = SavedView.objects.filter(meeting=meeting, screen=SavedView.Screen.PEOPLE).select_related("owner")
    found = [
        view for view in kept.filter(name=name).order_by("pk") if not user.pk or view.owner == user or view.is_shared
    ]
    best = [v for v in found if v.owner == user] or [v for v in found if v.is_shared] or found
    if not best:
        names = ", ".join(f"“{n}”" for n in kept.order_by("name").values_list("name", flat=True).distinct()[:20])
        raise CommandError(f"There is no view “{name}”. There are: {names or 'none yet'}.")
    if len(best) > 1:
        owners = ", ".join(view.owner.email for view in best)
        raise CommandError(f"Several people have a view “{name}”: {owners}. Say whose with --by.")
    return best[0]


def _language(code: str) -> str:
    try:
        return language_of(code)
    except ValueError as error:
        raise CommandError(str(error)) from error


def _known(asked: str, there: list[str], what: str) -> str:
    if asked not in there:
        raise CommandError(f"There is no {what} “{asked}”. There are: {', '.join(there)}.")
    return asked
