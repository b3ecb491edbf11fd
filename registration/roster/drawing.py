"""Cells of the roster as HTML, drawn in Python: a delegation of two hundred has a thousand of them on one page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

if TYPE_CHECKING:
    from .board import Line

TYPED = ("honorific", "given_names", "family_name", "display_name", "functional_title", "role", "email")
LEFT_TO_RIGHT = {"email"}
# These take the direction of the whole name: apart, a form of address would stand behind a Latin name in Arabic.
IN_A_NAME = {"honorific", "given_names", "family_name", "display_name"}


def stubs() -> dict[str, str]:
    """What stands in an empty cell, so that there is something to see and to press."""
    return {
        "honorific": pgettext("empty cell", "Mr., Ms."),
        "given_names": _("Given names"),
        "family_name": _("Family name"),
        "display_name": _("Name to print"),
        "functional_title": _("Functional title"),
        "role": _("Role"),
        "email": _("Email"),
    }


def needs() -> dict[str, str]:
    """What stands in a cell that must not stay empty."""
    return {
        "given_names": _("Add a name"),
        "functional_title": _("Add the functional title"),
        "email": _("Add the email"),
    }


def cells(line: Line, names: dict[str, str]) -> dict[str, SafeString]:
    """Every cell that can be typed in, by field. `names` are the stubs, asked for once."""
    return {name: _cell(line, name, names[name]) for name in TYPED}


def _cell(line: Line, name: str, stub: str) -> SafeString:
    reference, text = line.registration.reference, line.texts[name]
    mistake = line.problems.get(name, "") if name in line.registration.unparsed else ""
    shown, classes = escape(line.shown(name)), ["cell"]
    if mistake:
        classes.append("cell--err")
    elif not text:
        classes.append("cell--need" if name in line.problems else "cell--empty")
        shown = escape(line.needs.get(name, stub) if name in line.problems else stub)
    if name in line.marked:
        classes.append("cell--marked")
    if name == "role" and text == "head":
        classes.append("head-of")
    direction = "" if name in IN_A_NAME else ' dir="ltr"' if name in LEFT_TO_RIGHT else ' dir="auto"'
    told = f' aria-describedby="e-{reference}-{name}"' if mistake else ""
    drawn = (
        f'<span data-cell="{name}"><span class="{" ".join(classes)}"{direction} data-was="{escape(text)}"{told}>'
        f"{shown}</span>"
    )
    if mistake:
        drawn += f'<span class="err" id="e-{reference}-{name}">{escape(mistake)}</span>'
    return mark_safe(drawn + "</span>")  # noqa: S308 - every part is escaped above
