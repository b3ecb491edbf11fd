"""Lines of each history in words: what was done, with whom, and what became of what."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meeting.models import AuditEntry, Meeting, Role, User

from .. import field_words, status_page
from ..field_words import Difference
from ..focal import past
from ..models import CannedReason, Category, DelegationEvent, RegistrationEvent, Status
from ..questions.past_words import PastAnswers, is_answer
from .kinds import Desk, Person, Whole

# Numbers of rows mean nothing to a reader; who it is about and why stand in columns of their own.
SILENT = {"letter", "answer", "reason", "registration", "order", "at", "number", "message", "restricted"}
SILENT |= {"token", "columns"}  # of exports
CALLED = {
    "format": gettext_lazy("format"),
    "filter": gettext_lazy("filter"),
    "view": gettext_lazy("view"),
    "command": gettext_lazy("command"),
    "headings": gettext_lazy("headings"),
    "count": gettext_lazy("lines"),
    "file": gettext_lazy("file"),
    "created": gettext_lazy("new"),
    "updated": gettext_lazy("changed"),
    "question": gettext_lazy("question"),
    "version": gettext_lazy("version"),
    "names": gettext_lazy("names"),
    "line": gettext_lazy("line of the letter"),
    "kind": gettext_lazy("kind"),
    "changed": gettext_lazy("changed"),
    "categories": gettext_lazy("Reviews only"),
    "with": gettext_lazy("with"),
    "browser": gettext_lazy("browser"),
    "step": gettext_lazy("step"),
    "written": gettext_lazy("messages written"),
    "left_out": gettext_lazy("left out"),
    "left_alone": gettext_lazy("left alone"),
    "send_at": gettext_lazy("goes out"),
    "read_first": gettext_lazy("read before they leave"),
    **{role.value: role.label for role in Role},
}
# Words of our own that stand in a line as they are, under the names that they are written with.
WORDS = {
    "what": {
        "added": gettext_lazy("added"),
        "changed": gettext_lazy("changed"),
        "default_words": gettext_lazy("back to the words of the product"),
        "deleted": gettext_lazy("deleted"),
        "app_added": gettext_lazy("an authenticator app was added"),
        "app_removed": gettext_lazy("the authenticator app was removed"),
        "passkey_added": gettext_lazy("a passkey was added"),
        "passkey_removed": gettext_lazy("a passkey was removed"),
        "passkey_renamed": gettext_lazy("a passkey was given another name"),
        "codes_made": gettext_lazy("new recovery codes were made"),
        "password_changed": gettext_lazy("the password was changed"),
        "password_set": gettext_lazy("a password was set through a mailed link"),
        "session_ended": gettext_lazy("signed out of other browsers"),
        "factors_reset": gettext_lazy("the second factor was reset"),
        "sent_off": gettext_lazy("sent off"),
        "taken_back": gettext_lazy("taken back before it began"),
        "sent": gettext_lazy("written to all"),
        "stopped": gettext_lazy("stopped"),
    },
    "with": {
        "password": gettext_lazy("password"),
        "app": gettext_lazy("authenticator app"),
        "passkey": gettext_lazy("passkey"),
        "recovery_code": gettext_lazy("recovery code"),
    },
    "browser": {"new": gettext_lazy("new"), "known": gettext_lazy("known")},
    "step": {"password": gettext_lazy("password"), "factor": gettext_lazy("second factor")},
}


@dataclass(frozen=True)
class Said:
    """One line without its time and its people."""

    what: str
    more: str = ""
    changes: tuple[Difference, ...] = ()
    reason: str = ""


class Vocabulary:
    """The words of one meeting for fields and values, each read from the database once."""

    def __init__(self, meeting: Meeting, user: User | None = None) -> None:
        """`user` is who is told of answers, as far as they may read them; nobody, without."""
        self.meeting, self.answers = meeting, PastAnswers(meeting, user)

    @cached_property
    def _categories(self) -> dict[str, str]:
        return {category.code: category.name for category in Category.objects.filter(meeting=self.meeting)}

    def label(self, name: str) -> str:
        if name == "assigned_to":
            return _("Assigned to")
        return self.answers.label(name) if is_answer(name) else field_words.label(name)

    def value(self, name: str, plain: Any) -> str:
        if name == "category":
            return self._categories.get(plain, str(plain or ""))
        return "" if plain in (None, "") else field_words.value(name, plain)

    def differences(self, changes: Mapping[str, Any], conceal: Container[str]) -> tuple[Difference, ...]:
        """Field by field; of what is concealed only the name."""
        told = ((name, change) for name, change in sorted(changes.items()) if is_answer(name) or is_pair(change))
        return tuple(self._difference(name, change, conceal) for name, change in told if name not in field_words.SILENT)

    def _difference(self, name: str, change: Any, conceal: Container[str]) -> Difference:
        if name in conceal:
            return Difference(self.label(name), "", "")
        if is_answer(name):
            return self.answers.difference(name, change)
        return Difference(self.label(name), *(self.value(name, plain) for plain in old_and_new(change)))


def is_pair(value: Any) -> bool:
    """Old and new, as a list of two or under their names."""
    return (isinstance(value, list) and len(value) == 2) or (isinstance(value, dict) and value.keys() == {"was", "now"})


def old_and_new(value: Any) -> list[Any]:
    return [value["was"], value["now"]] if isinstance(value, dict) else value  # type: ignore[no-any-return]


def of_person(event: RegistrationEvent, vocabulary: Vocabulary, conceal: Container[str], *, tells_why: bool) -> Said:
    other = event.changes.get("registration", "")
    return Said(
        status_page.what_happened(event),
        other if isinstance(other, str) else "",
        vocabulary.differences(event.changes, conceal),
        event.reason if tells_why else "",
    )


def of_delegation(event: DelegationEvent, *, tells_contact: bool) -> Said:
    detail = event.detail
    reason = str(detail.get("reason") or "")
    if event.action == Whole.QUOTA:
        return Said(event.get_action_display(), "", (_seats(detail, "was", "now", _("Seats")),), reason)
    if event.action in past.SHOWN:
        return Said(past.words(event) if tells_contact else event.get_action_display())
    return Said(event.get_action_display(), details(detail), pairs(detail), reason)


def of_staff(entry: AuditEntry, *, tells_all: bool) -> Said:
    """`tells_all` is False of a sealed record for whoever is not the lead: that it was opened, and no more."""
    detail, what = entry.detail, entry.get_action_display()
    if not tells_all:
        return Said(what)
    reason = str(detail.get("reason") or "")
    if entry.action == Desk.QUOTA:
        return Said(what, entry.about, tuple(_category_seats(detail)), reason)
    about = entry.about if entry.about != entry.subject else ""
    return Said(what, " · ".join(filter(None, (about, details(detail)))), pairs(detail), reason)


def _category_seats(detail: Mapping[str, Any]) -> Iterable[Difference]:
    if "was" in detail or "now" in detail:
        yield _seats(detail, "was", "now", _("Seats in all"))
    if "each_was" in detail or "each_now" in detail:
        yield _seats(detail, "each_was", "each_now", _("Seats for each delegation"))


def _seats(detail: Mapping[str, Any], was: str, now: str, label: str) -> Difference:
    return Difference(label, *(_("no limit") if detail.get(key) is None else str(detail[key]) for key in (was, now)))


def pairs(detail: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What was written as old and new, under the name it was written with."""
    found = ((name, pair) for name, pair in detail.items() if is_pair(pair) and name not in SILENT)
    return tuple(Difference(_called(name), *(_plain(each) for each in old_and_new(pair))) for name, pair in found)


def details(detail: Mapping[str, Any]) -> str:
    """Everything else that was written, in the order it was written in."""
    found = ((name, value) for name, value in detail.items() if name not in SILENT and not is_pair(value))
    said = ((name, _plain(value)) for name, value in found)
    return ", ".join(_detail(name, value) for name, value in said if value)


def _detail(name: str, value: str) -> str:
    word = str(WORDS.get(name, {}).get(value, value))
    return word if name == "what" else f"{_called(name)}: {word}"


def _called(name: str) -> str:
    """What the setup calls a field; the name in the database, where it is of no model that is set up here."""
    if name in CALLED:
        return str(CALLED[name])
    for model in (Meeting, Category, CannedReason, User):
        with suppress(FieldDoesNotExist, AttributeError):  # the other end of a relation has no name
            return capfirst(str(model._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    return name


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {_plain(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    return "" if value is None else str(value)


def nobody(event: Any) -> str:
    """Who it was, where no name is known."""
    if isinstance(event, RegistrationEvent):
        own = event.action != Person.MOVED or event.to_status in (Status.SUBMITTED, Status.WITHDRAWN)
        return _("The delegate") if own and event.action not in status_page.BY_NOBODY else _("By itself")
    if isinstance(event, DelegationEvent) and event.action in past.SHOWN:
        return _("Somebody with the invitation")
    return _("By itself")
