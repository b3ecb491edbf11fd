"""The clumsiest files: each has a message of its own or is read rightly, and costs no more than it should."""

import datetime
import io
import struct
import time
import zipfile
import zlib

import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from registration.imports.reader import MOST_BYTES, read_table
from registration.imports.table import MOST_ROWS, UnreadableFileError

from .sheets import HEADS, SOMEBODY, csv, xlsx


def read(content, **how):
    return read_table(io.BytesIO(content), "roster.xlsx", **how)


def refusal(content) -> str:
    with pytest.raises(UnreadableFileError) as refused:
        read(content)
    return str(refused.value)


def zipped(members, method=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def remade(content, **members) -> bytes:
    """A workbook with some members put in place of others."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        before = {name: archive.read(name) for name in archive.namelist()}
    return zipped(before | {name.replace("__", "/"): value for name, value in members.items()})


SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(xml: bytes) -> bytes:
    return remade(xlsx([HEADS]), **{SHEET: xml})


@pytest.mark.parametrize(
    "content, word",
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"%PDF-1.7 something", "a PDF"),
        (b"\x89PNG\r\n\x1a\n....", "a picture"),
        (b"\xff\xd8\xff\xe0....", "a picture"),
        (b"<html><table><tr><td>Name</td></tr></table></html>", "web page"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook _VBA_PROJECT".encode("utf-16-le"), "macros"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "damaged"),
        (zipped({"word/document.xml": "<w/>"}), "Word"),
        (zipped({"ppt/presentation.xml": "<p/>"}), "presentation"),
        (zipped({"xl/workbook.bin": "x"}), "binary workbook"),
        (zipped({"Index/Document.iwa": "x"}), "Numbers"),
        (zipped({"photo.jpg": "x"}), "archive"),
        (remade(xlsx([HEADS, SOMEBODY]), **{"xl/vbaProject.bin": b"x"}), "macros"),
        (xlsx([HEADS, SOMEBODY])[:3000], "cut off"),
        (xlsx([]), "nothing in this file"),
        (b"Name\x00\x01\x02,Email\n" * 3, "neither a spreadsheet nor text"),
        (b'Name,Email\nAna,a@b.org\nBen,"b@b.org\nCarl,c@b.org\n', "row 3"),
        (b"Name,Email\n" + b"x,y\n" * (MOST_ROWS + 60), "more than 20000 rows"),
        (b"x" * (MOST_BYTES + 1), "larger than 10 MB"),
    ],
)  # fmt: skip
def test_each_has_a_message_of_its_own(content, word):
    assert word in refusal(content)


def test_titles_above_the_headings_and_hidden_things():
    def change(book, sheet):
        sheet.insert_rows(1, 3)
        sheet["A1"] = "Delegation of Fiji to the Meeting"
        sheet.merge_cells("A1:E1")
        sheet.column_dimensions["D"].hidden = True
        sheet.row_dimensions[6].hidden = True
        book.create_sheet("Notes")
        book.create_sheet("Secret").sheet_state = "hidden"

    table = read(xlsx([HEADS, SOMEBODY, SOMEBODY], change))
    assert (table.headings, table.heading_row, [r.number for r in table.rows]) == (HEADS, 4, [5, 6])
    said = " ".join(table.warnings)
    assert "Column D (Email) is hidden" in said and "Row 6 is hidden" in said and "“Sheet” was read" in said
    assert table.sheets == ["Sheet", "Notes"]


def test_a_title_row_that_holds_values_of_one_column_is_no_heading():
    table = read(xlsx([["List of participants", "", "as of 1 June"], ["Name", "Email"], ["Ana", "a@b.org"]]))
    assert (table.headings, len(table.rows)) == (["Name", "Email"], 1)


def test_formulas_count_as_what_they_came_to():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Email", "Telephone"])
        sheet.write_formula(1, 0, '="Ana "&"Cruz"', None, "Ana Cruz")
        sheet.write_formula(1, 1, "=X1", None, "#REF!")
    table = read(out.getvalue())
    assert table.rows[0].cells[0] == "Ana Cruz"
    assert "formula" in " ".join(table.warnings)
    assert "#REF!" in table.rows[0].errors[1]


def test_a_formula_never_calculated_is_an_error_beside_the_cell():
    table = read(xlsx([HEADS, ["Ana", "=UPPER(A2)", "x", "a@b.org", ""]]))
    assert "never calculated" in table.rows[0].errors[1]


def test_merged_cells_say_where_the_value_stands():
    def change(book, sheet):
        sheet.merge_cells("C2:C3")
        sheet.merge_cells("A3:B3")

    table = read(xlsx([HEADS, SOMEBODY, SOMEBODY], change))
    assert (table.rows[1].merged, table.rows[0].merged) == ({2: (2, 2), 1: (3, 0)}, {})
    assert "2 groups of cells" in " ".join(table.warnings)


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_days_are_days_in_both_calendars(epoch):
    def change(book, sheet):
        book.epoch = epoch or book.epoch
        sheet["E2"] = datetime.date(1975, 5, 31)

    assert read(xlsx([HEADS, SOMEBODY], change)).rows[0].cells[4] == "1975-05-31"


def test_numbers_are_as_somebody_would_type_them():
    cells = read(xlsx([["Name", "Telephone", "Order", "VIP"], ["Ana", 66228812345, 1.5, True]])).rows[0].cells
    assert cells == ["Ana", "66228812345", "1.5", "yes"]


def test_a_hundred_thousand_empty_rows_cost_nothing():
    empty = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, 100_003))
    with zipfile.ZipFile(io.BytesIO(xlsx([HEADS, SOMEBODY]))) as archive:
        sheet = archive.read(SHEET).replace(b"</sheetData>", empty + b"</sheetData>")
    started = time.perf_counter()
    table = read(remade(xlsx([HEADS, SOMEBODY]), **{SHEET: sheet}))
    assert len(table.rows) == 1
    assert time.perf_counter() - started < 3


def test_a_value_far_away_is_named():
    assert "row 1048576" in refusal(xlsx([HEADS, SOMEBODY], lambda book, sheet: sheet.cell(1_048_576, 16_384, "x")))


class TestBombs:
    """An archive is unpacked by us first, a piece at a time, and never beyond the bound."""

    def test_many_megabytes_of_nothing(self):
        bomb = with_sheet(b"<worksheet><sheetData>" + b" " * 210_000_000)
        assert len(bomb) < 1_000_000
        assert "far more" in refusal(bomb)

    def test_a_size_that_lies(self):
        honest = bytearray(with_sheet(b"<worksheet/>" + b" " * 60_000_000))
        name = honest.rfind(SHEET.encode())
        honest[name - 22 : name - 18] = struct.pack("<I", 100)  # the size in the directory
        assert "damaged" in refusal(bytes(honest))

    def test_a_bomb_in_an_archive_in_an_archive_is_never_opened(self):
        inner = zipped({"bomb": b"\0" * 50_000_000})
        started = time.perf_counter()
        assert "archive" in refusal(zipped({"inner.zip": inner}))
        assert len(read(remade(xlsx([HEADS, SOMEBODY]), xl__media__inner=inner)).rows) == 1
        assert time.perf_counter() - started < 3

    def test_too_many_members(self):
        assert "far more" in refusal(zipped({f"xl/{n}.xml": b"" for n in range(2_500)} | {"xl/workbook.xml": b"<w/>"}))

    def test_two_members_of_one_name(self):
        out = io.BytesIO(xlsx([HEADS, SOMEBODY]))
        with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning):
            archive.writestr(SHEET, b"<worksheet/>")
        assert "damaged" in refusal(out.getvalue())

    def test_entities_that_multiply(self):
        laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
        assert "damaged" in refusal(with_sheet(laughs))

    def test_the_same_cells_merged_over_and_over(self):
        rows = b"".join(
            b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>x</t></is></c></row>' % (n, n) for n in range(1, 5_000)
        )
        merged = b'<mergeCell ref="A1:CZ5000"/>' * 4_000
        xml = b"<worksheet><sheetData>%s</sheetData><mergeCells>%s</mergeCells></worksheet>" % (rows, merged)
        started = time.perf_counter()
        assert "far more" in refusal(with_sheet(xml))
        assert time.perf_counter() - started < 10

    def test_texts_beyond_measure(self):
        content = remade(xlsx([HEADS]), **{"xl/sharedStrings.xml": b"<sst>" + b"x" * 45_000_000})
        assert "far more" in refusal(content)

    def test_one_cell_repeated_a_million_times(self):
        body = (
            b'<office:document-content xmlns:office="o" xmlns:table="t"><table:table table:name="S">'
            b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string" '
            b'table:number-columns-repeated="16000"/></table:table-row></table:table></office:document-content>'
        )
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        assert "far away" in refusal(zipped({"mimetype": kind, "content.xml": body}))

    def test_a_deflate_stream_that_ends_early(self):
        content = with_sheet(b"<worksheet/>" + bytes(range(256)) * 4_000)
        packed = zlib.compress(b"x")
        assert "damaged" in refusal(content[: len(content) // 3] + packed + content[len(content) // 3 + len(packed) :])


LINES = {
    "cp874": [["ชื่อ", "นามสกุล", "อีเมล"], ["สมชาย", "ใจดี", "somchai@mfa.go.th"]],
    "cp1251": [["Имя", "Фамилия", "Страна"], ["Иван", "Петров", "Казахстан"]],
    "cp1252": [["Prénom", "Nom", "Pays"], ["José", "Nuñez", "Côte d’Ivoire"]],
    "mac_roman": [["Prénom", "Nom", "Pays"], ["José", "Nuñez", "Côte d’Ivoire"]],
    "cp1256": [["الاسم الأول", "اسم العائلة", "البلد"], ["محمد", "العلي", "الأردن"]],
    "gb18030": [["姓", "名", "国家"], ["王", "小明", "中国"]],
    "cp932": [["姓", "名", "国名"], ["阿部", "晋三", "日本"]],
    "utf-8": [["Prénom", "姓"], ["José", "阿部"]],
    "utf-8-sig": [["Prénom", "姓"], ["José", "阿部"]],
    "utf-16": [["Prénom", "姓"], ["José", "阿部"]],
    "utf-16-le": [["Given names", "Email"], ["José", "j@b.org"]],
}


@pytest.mark.parametrize("encoding", LINES)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_text_in_any_common_encoding_and_delimiter(encoding, delimiter):
    table = read(csv(LINES[encoding], delimiter, encoding))
    assert [table.headings, table.rows[0].cells] == LINES[encoding]
    assert table.delimiter == delimiter
    assert any("encoding" in w for w in table.warnings) is not encoding.startswith("utf")


@pytest.mark.parametrize("encoding", ["cp874", "cp1251", "cp1252", "mac_roman", "cp1256", "gb18030", "cp932"])
def test_english_headings_and_one_name_are_enough_to_tell(encoding):
    name = " ".join(LINES[encoding][1][:2])
    assert read(csv([["Name", "Email"], [name, "a@b.org"]], encoding=encoding)).rows[0].cells[0] == name


def test_the_reader_has_the_last_word():
    content = csv([["Nom", "Pays"], ["Жюли", "x"]], ";", "cp1251")
    table = read(content, encoding="cp1251", delimiter=";")
    assert (table.rows[0].cells, table.encoding, table.warnings) == (["Жюли", "x"], "cp1251", [])


@pytest.mark.parametrize(
    "text, cells",
    [
        ('Name,Note\nAna,"two\nlines"\n', ["Ana", "two\nlines"]),
        ('Name,Note\nAna,"a ""word"" here"\n', ["Ana", 'a "word" here']),
        ('Name,Note\nAna "Nan" Cruz,x\n', ['Ana "Nan" Cruz', "x"]),
        ("sep=;\nName;Note\nAna;a,b\n", ["Ana", "a,b"]),
        ("\n\nName,Note\n\nAna,x\n", ["Ana", "x"]),
        ("Name,Note\nAna\n", ["Ana", ""]),
    ],
)
def test_text_as_programs_write_it(text, cells):
    assert read(text.encode()).rows[0].cells == cells


def test_numbers_of_rows_are_those_of_the_file():
    table = read(b"\nName,Email\n\nAna,a@b.org\n")
    assert (table.heading_row, table.rows[0].number) == (2, 4)


def test_values_without_a_heading_are_mentioned():
    table = read(xlsx([["Name", "Email"], ["Ana", "a@b.org", "extra"]]))
    assert table.headings == ["Name", "Email", ""]
    assert "Column C has values and no heading" in " ".join(table.warnings)


def test_another_sheet_by_name():
    def change(book, sheet):
        other = book.create_sheet("Observers")
        other.append(["Name"])
        other.append(["Ben"])

    assert read(xlsx([HEADS, SOMEBODY], change), sheet="Observers").rows[0].cells == ["Ben"]


def test_an_open_document_sheet():
    body = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="S"><table:table-row><table:table-cell office:value-type="string">'
        "<text:p>Name</text:p></table:table-cell>"
        '</table:table-row><table:table-row><table:table-cell office:value-type="string">'
        "<text:p>阿部</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="m"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    table = read(zipped({"mimetype": kind, "content.xml": body, "META-INF/manifest.xml": manifest}))
    assert (table.headings, table.rows[0].cells) == (["Name"], ["阿部"])
