"""The list as DOCX, PDF, HTML and XLSX: each is read again, and says what the tree says, in its order."""

import dataclasses
import io
import re
import zipfile

import docx as reader
import openpyxl
import pypdfium2
import pytest
from docx.oxml.ns import qn

from registration.issuing.glyphs import CannotPrint
from registration.participants import docx, flat, layout, page, pdf
from registration.participants.tree import Entity, Head, Officer, Person, Role, Section, Tree

FIJI = Entity(
    code="FJI",
    delegation="D-1",
    name="Fiji",
    heading="FIJI",
    roles=(
        Role("head", "Representative (head of delegation)", (Person("A-1", "Litia Waqa", "H.E. Ms.", "Minister", line="H.E. Ms. Litia Waqa, Minister"),)),  # noqa: E501
        Role("adviser", "Advisers", (
            Person("A-2", "Tevita RATU", "Mr.", "Director", "Ministry", line="Mr. Tevita RATU, Director, Ministry"),
            Person("A-3", "=cmd()", line="=cmd()", email="a@example.org", phone="+679 1 234"),
        )),
    ),
)  # fmt: skip
UNICEF = Entity(
    "UNICEF", "D-2", "UNICEF", "United Nations Children’s Fund (UNICEF)",
    (Role("all", "", (Person("B-1", "Ana Silva", title="Officer", line="Ana Silva, Officer", mark="(withdrawn)"),)),),
    acronym="UNICEF",
)  # fmt: skip
HEAD = Head(
    title="List of participants", state="Provisional.", body=("United Nations", "ESCAP"), symbol="E/X/1", date="8 May",
    languages="English only", distribution="For participants only", meeting="Meeting", place_and_days="Suva, 1 June",
    basis="Approved by 8 May.", contents="Contents", corrections="Please correct.",
)  # fmt: skip
TREE = Tree(
    language="en",
    profile="escap",
    head=HEAD,
    sections=(
        Section("MEM", "MEMBERS", (FIJI,), count=3),
        Section("UNB", "UNITED NATIONS BODIES", (UNICEF,), count=1),
        Section("YTH", "CHILDREN", text="Seven participants. Their names are not published.", count=7),
    ),
    officers_heading="OFFICERS",
    officers=(Officer("Chair", "Ms. Litia Waqa (Fiji)"),),
    disclaimer="The designations do not imply anything.",
    with_contents=True,
)
AS_READ = [
    "MEMBERS", "FIJI", "Representative (head of delegation)", "H.E. Ms. Litia Waqa, Minister", "Advisers",
    "Mr. Tevita RATU, Director, Ministry", "=cmd()", "UNITED NATIONS BODIES", "United Nations Children’s Fund (UNICEF)",
    "Ana Silva, Officer", "CHILDREN", "Seven participants. Their names are not published.",
]  # fmt: skip


def changed(**values) -> Tree:
    return dataclasses.replace(TREE, **values)


def arabic() -> Tree:
    person = Person(
        "A-1", "Ana Silva", line="السيدة Ana Silva، Director، Ministry", email="a@example.org", phone="+1 2"
    )
    fiji = Entity("FJI", "D-1", "فيجي", "فيجي", (Role("head", "الممثل", (person,)),))
    return changed(language="ar", sections=(Section("MEM", "الأعضاء", (fiji,), count=1),), officers=())


def with_names(*names: str) -> Tree:
    people = tuple(Person(f"A-{n}", name, line=name) for n, name in enumerate(names))
    entity = dataclasses.replace(FIJI, roles=(Role("adviser", "Advisers", people),))
    return changed(sections=(Section("MEM", "MEMBERS", (entity,), count=len(people)),))


# --- DOCX: a text to go on editing ------------------------------------------------------------------------------------


def opened(tree: Tree):
    return reader.Document(io.BytesIO(docx.write(tree)))


def with_style(document, *styles: str) -> list[str]:
    return [p.text for p in document.paragraphs if p.style.name in styles]


def test_docx_says_what_the_tree_says_each_line_in_its_style():
    document = opened(TREE)
    listed = with_style(document, "Heading 1", "Heading 2", "Role in delegation", "Participant", "Participants counted")
    assert [line.split("\n")[0] for line in listed] == ["OFFICERS", "Chair: Ms. Litia Waqa (Fiji)", *AS_READ]
    assert with_style(document, "Heading 1") == ["OFFICERS", "MEMBERS", "UNITED NATIONS BODIES", "CHILDREN"]
    assert with_style(document, "Heading 2") == ["FIJI", "United Nations Children’s Fund (UNICEF)"]
    assert with_style(document, "Title") == ["List of participants"]
    assert with_style(document, "Disclaimer") == ["The designations do not imply anything."]
    assert "=cmd()\na@example.org\n+679 1 234" in with_style(document, "Participant")


def test_docx_headings_stay_with_what_follows_and_nobody_is_torn_apart():
    styles = opened(TREE).styles
    for name in ("Heading 1", "Heading 2", "Role in delegation"):
        assert styles[name].paragraph_format.keep_with_next
    assert styles["Participant"].paragraph_format.keep_together
    assert styles["Participant"].paragraph_format.first_line_indent < 0


@pytest.mark.parametrize(("two", "number"), [(True, "2"), (False, None)])
def test_docx_has_two_columns_where_they_are_set(two, number):
    head, body = opened(changed(two_columns=two)).sections
    assert body._sectPr.find(qn("w:cols")).get(qn("w:num")) == number
    assert head._sectPr.find(qn("w:cols")).get(qn("w:num")) is None


def test_docx_has_symbol_and_pages_on_every_page_but_the_first_which_says_it_itself():
    document = opened(TREE)
    first = document.sections[0]
    assert first.different_first_page_header_footer
    assert first.header.paragraphs[0].text == "E/X/1"
    assert first.first_page_header.paragraphs[0].text == ""
    for footer in (first.footer, first.first_page_footer):
        assert re.findall("PAGE|NUMPAGES", footer._element.xml.replace("NUMPAGES", "PAGE")) == ["PAGE", "PAGE"]
    marks = [p.text for p in document.tables[0].rows[0].cells[1].paragraphs]
    assert marks == ["E/X/1", "8 May", "English only", "For participants only"]


def test_docx_contents_are_a_field_whose_lines_lead_to_the_headings():
    document = opened(TREE)
    assert [line.strip() for line in with_style(document, "TOC 1")] == with_style(document, "Heading 1")
    xml = document.element.xml
    assert 'TOC \\o "1-1"' in xml
    assert set(re.findall(r'w:anchor="([^"]+)"', xml)) == set(re.findall(r'bookmarkStart[^>]+w:name="([^"]+)"', xml))
    assert xml.count('w:fldCharType="begin"') == xml.count('w:fldCharType="end"') == 1 + 4
    assert "TOC" not in opened(changed(with_contents=False)).element.xml


def test_docx_in_arabic_is_mirrored():
    document = opened(arabic())
    assert document.styles["Normal"].element.find(f".//{qn('w:bidi')}") is not None
    assert all(section._sectPr.find(qn("w:bidi")) is not None for section in document.sections)
    assert document.tables[0]._tbl.tblPr.find(qn("w:bidiVisual")) is not None
    (person,) = (p for p in document.paragraphs if p.style.name == "Participant")
    from_right = {run.text.strip(): run._r.find(f".//{qn('w:rtl')}") is not None for run in person.runs}
    assert from_right["السيدة"]
    assert not from_right["Ana Silva"]
    assert not from_right["Ministry"]


def test_docx_is_the_same_each_time():
    assert docx.write(TREE) == docx.write(TREE)
    dates = {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(docx.write(TREE))).infolist()}
    assert dates == {(2000, 1, 1, 0, 0, 0)}


def test_docx_flat_is_a_table_with_its_headings_on_each_page():
    document = opened(changed(is_flat=True))
    _head, members, bodies = document.tables
    assert [[cell.text for cell in row.cells] for row in members.rows] == [
        ["Name", "Functional title", "Represents"],
        ["H.E. Ms. Litia Waqa", "Minister", "Fiji"],
        ["Mr. Tevita RATU", "Director, Ministry", "Fiji"],
        ["=cmd()", "", "Fiji"],
    ]
    assert members.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    assert bodies.rows[1].cells[1].text == "Officer (withdrawn)"


@pytest.mark.parametrize("name", ["Ana\x00\x0bSilva", "<b>Ana</b> & Silva", "{{ Ana }} #strong[Silva]", "\ufffeAna"])
def test_no_name_breaks_the_documents(name):
    tree = with_names(name)
    printable = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]", "", name)
    assert with_style(opened(tree), "Participant") == ["Chair: Ms. Litia Waqa (Fiji)", printable]
    assert re.sub("[<>]", "", printable) in re.sub("[<>]", "", text_of(pdf.write(with_names(printable))))


# --- PDF --------------------------------------------------------------------------------------------------------------


def text_of(content: bytes) -> str:
    return " ".join(" ".join(p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(content)).split())


def in_order(text: str, lines: list[str]) -> bool:
    place = -1
    for line in lines:
        place = text.find(line, place + 1)
        if place < 0:
            return False
    return True


def test_pdf_says_what_the_tree_says_in_its_order():
    text = text_of(pdf.write(changed(with_contents=False)))
    assert in_order(
        text, ["United Nations", "ESCAP", "E/X/1", "List of participants", "Provisional. Approved by 8 May."]
    )
    assert in_order(text, ["OFFICERS", "Chair: Ms. Litia Waqa (Fiji)", *AS_READ, "The designations"])
    assert "a@example.org" in text


def test_pdf_is_tagged_in_its_language_and_has_its_headings():
    content = pdf.write(TREE)
    assert b"/StructTreeRoot" in content
    assert re.search(rb"/MarkInfo\s*<<[^>]*/Marked true", content)
    assert b"/Lang(en)" in content
    document = pypdfium2.PdfDocument(content)
    assert document.get_metadata_value("Title") == "List of participants: Meeting"
    outline = [entry.get_title() for entry in document.get_toc() if entry.level == 0]
    assert outline == ["OFFICERS", "MEMBERS", "UNITED NATIONS BODIES", "CHILDREN"]


def columns(content: bytes, page_number: int = 0) -> set[str]:
    """Where lines of people begin: at which half of the page."""
    page = pypdfium2.PdfDocument(content)[page_number]
    text, middle = page.get_textpage(), page.get_width() / 2
    boxes = [text.get_charbox(n) for n in range(text.count_chars())]
    return {"left" if right < middle else "right" for left, _bottom, right, _top in boxes if right - left > 0}


def test_pdf_has_two_columns_where_they_are_set():
    many = with_names(*(f"Name {n}" for n in range(120)))
    assert columns(pdf.write(many), 1) == {"left", "right"}
    one = dataclasses.replace(many, two_columns=False, head=dataclasses.replace(HEAD, symbol=""))
    assert columns(pdf.write(one), 1) - {"right"} == {"left"}
    assert len(pypdfium2.PdfDocument(pdf.write(many))) < len(pypdfium2.PdfDocument(pdf.write(one)))


def test_pdf_in_arabic_begins_at_the_right():
    page = pypdfium2.PdfDocument(pdf.write(arabic()))[0]
    text = page.get_textpage()
    words = text.get_text_range()
    left, _b, _r, _t = text.get_charbox(words.index("Ana"))
    assert left > page.get_width() / 2


def test_pdf_is_refused_in_words_where_a_character_would_be_a_box():
    with pytest.raises(CannotPrint, match=r"U\+1F600"):
        pdf.write(with_names("Ana 😀"))


# --- HTML -------------------------------------------------------------------------------------------------------------


def test_html_says_what_the_tree_says_and_loads_nothing():
    text = page.write(TREE).decode()
    assert in_order(text, ["List of participants", "OFFICERS", *AS_READ, "The designations"])
    assert '<html lang="en" dir="ltr">' in text
    assert not re.search(r"(src|href)=[\"'](?!#)|@import|url\(", text)


def test_html_runs_nothing_that_somebody_typed():
    text = page.write(with_names("<script>alert(1)</script>")).decode()
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_html_in_arabic_is_mirrored_and_flat_is_a_table():
    assert '<html lang="ar" dir="rtl">' in page.write(arabic()).decode()
    assert page.write(changed(is_flat=True)).decode().count("<tr>") == 2 + 4


# --- XLSX -------------------------------------------------------------------------------------------------------------


def workbook(tree: Tree):
    return openpyxl.load_workbook(io.BytesIO(flat.write(tree))).worksheets[0]


def test_xlsx_has_one_row_for_each_in_order_and_runs_nothing():
    sheet = workbook(TREE)
    assert sheet.freeze_panes == "A2"
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == [
        "Part", "Represents", "Acronym", "Role", "Form of address", "Printed name", "Functional title",
        "Ministry or department", "Email", "Telephone", "Note",
    ]  # fmt: skip
    assert [row[5] for row in rows[1:]] == ["Litia Waqa", "Tevita RATU", "=cmd()", "Ana Silva", None]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert rows[4][-1] == "(withdrawn)"
    assert rows[5][0] == "CHILDREN"
    assert rows[5][-1] == "Seven participants. Their names are not published."


def test_xlsx_in_arabic_begins_at_the_right():
    assert workbook(arabic()).sheet_view.rightToLeft
    assert not workbook(TREE).sheet_view.rightToLeft


def test_xlsx_is_the_same_each_time():
    assert flat.write(TREE) == flat.write(TREE)


# --- What all have in common ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        ("السيدة Ana Silva،\u200f Director", ["السيدة ", "Ana Silva", "،\u200f ", "Director"]),
        ("فيجي", ["فيجي"]),
        ("Ana (Fiji)", ["Ana (Fiji", ")"]),
        ("2008", ["2008"]),
        ("", []),
    ],
)
def test_a_line_from_right_to_left_is_cut_where_its_direction_changes(words, cut):
    assert layout.pieces(words) == cut
    assert "".join(layout.pieces(words)) == words


def test_the_parts_of_an_arabic_line_stand_from_right_to_left():
    (person,) = arabic().sections[0].entities[0].people
    assert layout.line(person, arabic()) == "السيدة Ana Silva،\u200f Director،\u200f Ministry"
    assert layout.ways(person, arabic()) == ["\u200ea@example.org\u200e", "\u200e+1 2\u200e"]


@pytest.mark.parametrize("write", [docx.write, pdf.write, page.write, flat.write])
def test_an_empty_list_is_a_list(write):
    bare = Head(title="List of participants")
    assert write(changed(sections=(), officers=(), disclaimer="", with_contents=False, head=bare))


@pytest.mark.parametrize("write", [docx.write, pdf.write, page.write, flat.write])
def test_five_thousand_in_one_delegation(write):
    assert len(write(with_names(*(f"Name {n}" for n in range(5000))))) > 10_000
