"""Which column is which field: by what stands above it, in six languages, and by what somebody said before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from meeting.collation import fold
from meeting.models import Meeting

from .. import rows
from ..lists.columns import COLUMNS
from ..models import Question, QuestionKind, RememberedHeading
from . import words

IN_BRACKETS = re.compile(r"[(（\[][^)）\]]*[)）\]]")
BILINGUAL = re.compile(r"[/\n|]| - ")
# The columns of our own lists, where they are called otherwise than their field; empty for what is told besides.
OWN_COLUMNS = {
    "represents": "entity", "name": "display_name", "title": "functional_title", "status": "", "since": "",
    "submitted": "",
}  # fmt: skip
LONGEST = 200


def match(headings: Sequence[str], meeting: Meeting) -> list[str]:
    """The field of each column: one of `choices`, or empty where it is left out. No field comes twice."""
    remembered = dict(RememberedHeading.objects.filter(meeting=meeting).values_list("heading", "field"))
    asked = _questions(meeting)
    found = [_field_of(heading, remembered, asked) for heading in headings]
    _settle_titles(headings, found)
    _settle_names(headings, found)
    return _each_once(headings, found)


def choices(meeting: Meeting, *, whole_meeting: bool) -> list[tuple[str, str]]:
    """What a column can be, in the reader's language; first of all nothing."""
    places = [("entity", _("Country or organization")), ("category", _("Category"))]
    own = [("reference", _("Reference")), *rows.labels().items()]
    questions = [(f"q_{q.key}", q.label) for q in _asked(meeting)]
    return [
        ("", _("Leave it out")),
        *(places if whole_meeting else []),
        *own,
        *([] if whole_meeting else places),
        *questions,
    ]


def labels(meeting: Meeting) -> dict[str, str]:
    return dict(choices(meeting, whole_meeting=True))


def remember(meeting: Meeting, headings: Sequence[str], fields: Sequence[str]) -> None:
    """What somebody has put right holds for the next file too, whoever sends it.

    Leaving out what everybody knows, such as the email, is a choice for one file alone.
    """
    guessed = match(headings, meeting)
    for heading, field, guess in zip(headings, fields, guessed, strict=True):
        key = fold(heading)[:LONGEST]
        if key and field != guess and (field or key not in words.known()):
            RememberedHeading.objects.update_or_create(meeting=meeting, heading=key, defaults={"field": field})


def _asked(meeting: Meeting) -> list[Question]:
    return list(Question.objects.asked().filter(meeting=meeting).exclude(kind=QuestionKind.FILE))


def _questions(meeting: Meeting) -> dict[str, str]:
    """Field by every name a question goes by: its key, and its words in each language."""
    found: dict[str, str] = {}
    for question in _asked(meeting):
        names = [question.key, f"q_{question.key}", question.label]
        names += [value for name, value in vars(question).items() if name.startswith("label_") and value]
        found |= {fold(name): f"q_{question.key}" for name in names}
    return found


def _field_of(heading: str, remembered: dict[str, str], asked: dict[str, str]) -> str:
    for name in _readings(heading):
        for table in (remembered, asked, words.known(), own_words()):
            if name in table:
                return table[name]
    return _nearly(fold(heading))


def _readings(heading: str) -> Iterator[str]:
    """The heading as it stands, without what is in brackets, and where it says the same in two languages each part."""
    yield fold(heading)[:LONGEST]
    bare = IN_BRACKETS.sub(" ", heading)
    yield fold(bare)
    for part in BILINGUAL.split(bare):
        if key := fold(part):
            yield key


def _nearly(key: str) -> str:
    """A slip of the pen in a longer word is forgiven."""
    near = get_close_matches(key, words.known(), n=1, cutoff=0.87) if len(key) > 5 else []
    return words.known()[near[0]] if near else ""


@cache
def own_words() -> dict[str, str]:
    """What our own screens and exports write above each field, in every language of the site."""
    found: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for column in COLUMNS:
                found[fold(str(column.heading))] = OWN_COLUMNS.get(column.name, column.name)
            found |= {fold(label): field for field, label in rows.labels().items()}
            found[fold(_("Country or organization"))] = "entity"
            found[fold(_("What to do"))] = ""
    return found


def _settle_titles(headings: Sequence[str], found: list[str]) -> None:
    """Where one column is the functional title in so many words, a bare “Title” is the form of address."""
    titles = [n for n, field in enumerate(found) if field == "functional_title"]
    bare = [n for n in titles if fold(headings[n]) in ("title", "titre", "titulo")]
    if len(titles) > 1 and len(bare) == 1 and "honorific" not in found:
        found[bare[0]] = "honorific"


def _settle_names(headings: Sequence[str], found: list[str]) -> None:
    """Beside a family name and no given names, a bare “Name” holds the given ones."""
    if "family_name" in found and "given_names" not in found and "display_name" in found:
        n = found.index("display_name")
        if fold(headings[n]) == "name":
            found[n] = "given_names"


def _each_once(headings: Sequence[str], found: list[str]) -> list[str]:
    """A field belongs to its first column; for another one what our own lists mean by its heading is tried."""
    fields: list[str] = []
    for heading, field in zip(headings, found, strict=True):
        own = own_words().get(fold(heading), "")
        spare = own if own not in found and own not in fields else ""
        fields.append(spare if field in fields else field)
    return fields
