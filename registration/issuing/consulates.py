"""The list of valid invitations for the host country's consulates, as XLSX. No date of birth and no number of a
passport: we have none to give, and a consulate asks the traveller."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterable
from typing import IO, Any

import xlsxwriter
from django.utils.translation import get_language_bidi, pgettext
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from meeting.models import Meeting

from ..lists.xlsx_export import OPTIONS
from ..models import IssuedKind, IssuedLetter
from ..models.issued import IssuedLetterQuerySet
from . import codes, snapshot

CHUNK = 500


def letters_of(meeting: Meeting, letters: IssuedLetterQuerySet) -> IssuedLetterQuerySet:
    """The valid invitations among `letters`, one for each person: the newest where there are several languages."""
    valid = letters.filter(meeting=meeting, kind=IssuedKind.INVITATION).valid()
    newest = valid.order_by("registration", "-issued_at", "-pk").distinct("registration").values("pk")
    return IssuedLetter.objects.filter(pk__in=newest).order_by("number")


def write(meeting: Meeting, letters: IssuedLetterQuerySet, language: str) -> IO[bytes]:
    """The workbook in a temporary file, at its start. The file goes when it is closed."""
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 (the response closes it)
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet = book.add_worksheet(pgettext("sheet of a workbook", "Invitations"))
        _lay_out(book, sheet)
        _fill(book, sheet, meeting, letters, language)
    file.seek(0)
    return file


def _columns() -> list[tuple[str, int]]:
    return [
        (pgettext("of a row", "No."), 6),
        (_("Form of address"), 14),
        (_("Name as in the passport"), 34),
        (_("Printed name"), 34),
        (_("Represents"), 34),
        (_("Functional title"), 34),
        (_("Role"), 24),
        (_("First day of the meeting"), 22),
        (_("Last day of the meeting"), 22),
        (_("Number of the letter"), 22),
        (_("Code"), 34),
        (_("Verified at"), 30),
    ]


def _lay_out(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    if get_language_bidi():
        sheet.right_to_left()
    for n, (heading, width) in enumerate(_columns()):
        sheet.set_column(n, n, width)
        sheet.write_string(0, n, str(heading), bold)
    sheet.freeze_panes(1, 0)


def _fill(
    book: xlsxwriter.Workbook, sheet: Worksheet, meeting: Meeting, letters: IssuedLetterQuerySet, language: str
) -> None:
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    number = 0
    for number, row in enumerate(_rows(meeting, letters, language), start=1):
        sheet.write_number(number, 0, number)
        for n, value in enumerate(row, start=1):
            if isinstance(value, datetime.date):
                sheet.write_datetime(number, n, datetime.datetime(value.year, value.month, value.day), days)
            elif value:
                sheet.write_string(number, n, value)
    sheet.autofilter(0, 0, number, len(_columns()) - 1)


def _rows(meeting: Meeting, letters: IssuedLetterQuerySet, language: str) -> Iterable[list[Any]]:
    around = letters.select_related("registration__delegation__entity")
    around = around.prefetch_related("registration__delegation__entity__names")
    for letter in around.iterator(chunk_size=CHUNK):
        who = letter.registration
        who.meeting = meeting
        yield [
            who.honorific,
            who.passport_name or who.display_name,
            who.display_name,
            snapshot.represented(who, language),
            who.functional_title,
            who.get_role_display(),
            meeting.starts_on,
            meeting.ends_on,
            letter.printed_number,
            codes.spaced(letter.code),
            codes.address(),
        ]
