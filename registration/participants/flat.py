"""The list of participants as a workbook: one row for each person, in printed order, for whoever sorts and merges."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from itertools import chain

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override

from . import layout
from .tree import Section, Tree

EPOCH = datetime.datetime(2000, 1, 1)  # the same bytes for the same tree
# Text stays text, whatever it looks like.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDTHS = (26, 34, 12, 28, 14, 30, 36, 36, 36, 32, 20, 24)
MOST_IN_TITLE = 31  # of a sheet
REFUSED_IN_TITLE = str.maketrans("", "", "[]:*?/\\'")

Row = tuple[str, ...]


def write(tree: Tree) -> bytes:
    file = io.BytesIO()
    with override(tree.language), xlsxwriter.Workbook(file, OPTIONS) as book:
        head = tree.head
        book.set_properties({"title": head.title, "subject": head.meeting, "created": EPOCH})
        sheet = book.add_worksheet(head.title.translate(REFUSED_IN_TITLE)[:MOST_IN_TITLE] or None)
        if layout.is_rtl(tree):
            sheet.right_to_left()
        _fill(book, sheet, list(chain.from_iterable(_rows(section) for section in tree.sections)))
    return file.getvalue()


def _fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, rows: list[Row]) -> None:
    """A column that nobody has anything in is left out."""
    used = [n for n in range(len(WIDTHS)) if n == 0 or any(row[n] for row in rows)]
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    headings = _headings()
    for place, n in enumerate(used):
        sheet.set_column(place, place, WIDTHS[n], wrapped)
        sheet.write_string(0, place, headings[n], bold)
        for line, row in enumerate(rows, start=1):
            if row[n]:
                sheet.write_string(line, place, row[n])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(used) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _headings() -> Row:
    return (
        _("Part"), _("Represents"), _("Acronym"), _("Role"), _("Form of address"), _("Printed name"),
        _("Functional title"), _("Ministry or department"), _("Organization"), _("Email"), _("Telephone"), _("Note"),
    )  # fmt: skip


def _rows(section: Section) -> Iterator[Row]:
    for entity in section.entities:
        for role in entity.roles:
            for p in role.people:
                yield (
                    section.heading, entity.name, entity.acronym, role.heading, p.honorific, p.name, p.title,
                    p.department, p.organisation, p.email, p.phone, p.mark,
                )  # fmt: skip
    if section.text:
        yield (section.heading, *[""] * (len(WIDTHS) - 2), section.text)
