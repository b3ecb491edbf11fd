"""The list of participants as a text that a secretariat goes on editing: real styles, fields and sections."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from . import layout
from .docx_parts import bookmark, contents_line, field, no_padding, rule, text_run
from .docx_styles import LOOKS, set_up
from .tree import Entity, Person, Role, Section, Tree

EPOCH = datetime.datetime(2000, 1, 1)  # the day of the list stands on it
HEAD_WIDTHS = (115, 55)
ZIPPED = (2000, 1, 1, 0, 0, 0)
# What XML cannot hold. Nobody sees it, and it never is part of a name.
STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write(tree: Tree) -> bytes:
    """The same bytes for the same tree."""
    return _without_the_hour(_Writer(tree).written())


class _Writer:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.document = Document()
        self.is_rtl = layout.is_rtl(tree)
        set_up(self.document, tree.language, is_rtl=self.is_rtl, has_italics=layout.has_italics(tree))
        self.body = self.document.element.body
        self.end = self.body.sectPr  # what follows the last paragraph
        self.style_ids = {name: self.document.styles[name].style_id for name in LOOKS}
        self.bookmarks = 0

    def written(self) -> bytes:
        self._properties()
        self._page()
        self._head()
        self._contents()
        self._begin_columns()
        self._officers()
        for section in self.tree.sections:
            self._section(section)
        if self.tree.disclaimer:
            self._paragraph("Disclaimer", self.tree.disclaimer)
        file = io.BytesIO()
        self.document.save(file)
        return file.getvalue()

    # --- the frame

    def _properties(self) -> None:
        about, head = self.document.core_properties, self.tree.head
        about.title = ": ".join(part for part in (head.title, head.meeting) if part)[:255]
        about.author = ", ".join(head.body)[:255]
        about.subject, about.language = head.state[:255], self.tree.language
        about.created = about.modified = EPOCH
        about.comments = about.last_modified_by = ""

    def _page(self) -> None:
        """A4; the symbol at the head of every page but the first, which says it itself."""
        page = self.document.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm(20)
        page.top_margin = page.bottom_margin = Mm(22)
        page.header_distance = page.footer_distance = Mm(11)
        page.different_first_page_header_footer = True
        if self.is_rtl:
            page._sectPr.append(OxmlElement("w:bidi"))  # columns begin at the right
        page.header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._fill(page.header.paragraphs[0]._p, self.tree.head.symbol)
        for footer in (page.footer, page.first_page_footer):
            paragraph = footer.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            for part in (field("PAGE"), [text_run(" / ")], field("NUMPAGES")):
                paragraph._p.extend(part)

    def _begin_columns(self) -> None:
        section = self.document.add_section(WD_SECTION.CONTINUOUS)
        if not self.tree.with_contents:  # whose last line has its own end to mark
            self._end_head_here()
        section.different_first_page_header_footer = False
        if self.tree.two_columns and not self.tree.is_flat:
            columns = section._sectPr.find(qn("w:cols"))
            columns.set(qn("w:num"), "2")
            columns.set(qn("w:space"), str(Mm(9).twips))

    def _end_head_here(self) -> None:
        """The break stands in the last line of the head, not in an empty one of its own."""
        empty = self.body.findall(qn("w:p"))[-1]
        last = empty.getprevious()
        last.get_or_add_pPr().append(empty.pPr.sectPr)
        self.body.remove(empty)

    # --- what stands above the list

    def _head(self) -> None:
        """Two cells without lines: who issues it, and the marks of the document."""
        head = self.tree.head
        table = self.document.add_table(rows=1, cols=2)
        table.autofit = False
        table._tbl.tblPr.append(no_padding())
        self._mirror(table)
        issuer, marks = table.rows[0].cells
        for cell, column, width in zip((issuer, marks), table.columns, HEAD_WIDTHS, strict=True):
            cell.width = column.width = Mm(width)
        lines = [("Issuer", line) for line in head.body[:-1]] + [("Issuing body", line) for line in head.body[-1:]]
        self._into(issuer, lines)
        facts = [("Document symbol", head.symbol)]
        facts += [("Document mark", fact) for fact in (head.date, head.languages, head.distribution)]
        self._into(marks, [(style, fact) for style, fact in facts if fact])
        rule(self._paragraph("Meeting", head.meeting))
        if head.place_and_days:
            self._paragraph("Normal", head.place_and_days)
        self._paragraph("Title", head.title)
        if stands := " ".join(part for part in (head.state, head.basis) if part):
            self._paragraph("Normal", stands)
        if head.corrections:
            self._paragraph("Normal", head.corrections)

    def _into(self, cell: Any, lines: list[tuple[str, str]]) -> None:
        first = cell.paragraphs[0]
        for n, (style, words) in enumerate(lines):
            paragraph = first if n == 0 else cell.add_paragraph()
            paragraph.style = style
            self._fill(paragraph._p, words)

    def _contents(self) -> None:
        """A field that the word processor keeps up to date; its lines stand there already."""
        if not self.tree.with_contents:
            return
        self._paragraph("Contents heading", self.tree.head.contents)
        headings = [self.tree.officers_heading] * bool(self.tree.officers) + [s.heading for s in self.tree.sections]
        for n, heading in enumerate(headings):
            paragraph = self._paragraph("TOC 1", "")
            contents_line(paragraph, heading, n, is_first=n == 0, is_last=n == len(headings) - 1, is_rtl=self.is_rtl)

    # --- the list

    def _officers(self) -> None:
        if not self.tree.officers:
            return
        self._heading(self.tree.officers_heading)
        for officer in self.tree.officers:
            self._paragraph("Participant", f"{officer.office}: {officer.line}")

    def _section(self, section: Section) -> None:
        self._heading(section.heading)
        if self.tree.is_flat:
            self._table(section)
        else:
            for entity in section.entities:
                self._entity(entity)
        if section.text:
            self._paragraph("Participants counted", section.text)

    def _heading(self, words: str) -> None:
        bookmark(self._paragraph("Heading 1", words), self.bookmarks)
        self.bookmarks += 1

    def _entity(self, entity: Entity) -> None:
        if entity.heading:
            self._paragraph("Heading 2", entity.heading)
        for role in entity.roles:
            self._role(role)

    def _role(self, role: Role) -> None:
        if role.heading:
            self._paragraph("Role in delegation", role.heading)
        for person in role.people:
            self._person(person)

    def _person(self, person: Person) -> None:
        paragraph = self._paragraph("Participant", layout.line(person, self.tree))
        for way in layout.ways(person, self.tree):
            paragraph.append(text_run(way, breaks_before=True))

    def _table(self, section: Section) -> None:
        rows = [
            (person.printed_name, layout.function(person, self.tree), entity.name)
            for entity in section.entities
            for person in entity.people
        ]
        if not rows:
            return
        table = self.document.add_table(rows=0, cols=3, style="Table Grid")
        self._mirror(table)
        for n, row in enumerate([layout.table_headings(self.tree), *rows]):
            self._row(table, row, is_heading=n == 0)

    def _row(self, table: Any, words: Any, *, is_heading: bool) -> None:
        row = OxmlElement("w:tr")
        properties = OxmlElement("w:trPr")
        properties.append(OxmlElement("w:cantSplit"))
        if is_heading:
            properties.append(OxmlElement("w:tblHeader"))
        row.append(properties)
        for text in words:
            cell, paragraph = OxmlElement("w:tc"), OxmlElement("w:p")
            cell.append(paragraph)
            self._style(paragraph, "Table heading" if is_heading else "Table cell")
            self._fill(paragraph, text)
            row.append(cell)
        table._tbl.append(row)

    # --- paragraphs

    def _paragraph(self, style: str, words: str) -> Any:
        """Written past the library's own way, which looks up the style anew for each of thousands."""
        paragraph = OxmlElement("w:p")
        self._style(paragraph, style)
        self._fill(paragraph, words)
        self.end.addprevious(paragraph)
        return paragraph

    def _style(self, paragraph: Any, style: str) -> None:
        if style == "Normal":
            return
        properties, named = OxmlElement("w:pPr"), OxmlElement("w:pStyle")
        named.set(qn("w:val"), self.style_ids[style])
        properties.append(named)
        paragraph.append(properties)

    def _fill(self, paragraph: Any, words: str) -> None:
        """Words of a script from right to left in runs of their own, which is how they get their font and weight."""
        words = STRANGE.sub("", words)
        for piece in layout.pieces(words) if self.is_rtl else [words] * bool(words):
            paragraph.append(text_run(piece, is_rtl=self.is_rtl and layout.reads_from_right(piece)))

    def _mirror(self, table: Any) -> None:
        if self.is_rtl:
            table._tbl.tblPr.append(OxmlElement("w:bidiVisual"))


def _without_the_hour(content: bytes) -> bytes:
    """The same archive, its entries dated alike."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            dated = zipfile.ZipInfo(entry.filename, ZIPPED)
            dated.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(dated, old.read(entry))
    return file.getvalue()
