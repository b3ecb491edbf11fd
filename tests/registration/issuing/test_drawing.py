"""What stands on the page: tagged, fonts embedded, every script, nothing anybody types becomes a command."""

import re
import zlib

import pypdfium2
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from registration import texts
from registration.issuing import drawing, glyphs, issue
from registration.issuing.salutations import WORDS, salutation
from registration.models import Honorific, IssuedKind, Registration

from .conftest import approved, letter_for

Kind = IssuedKind
NAMES = {
    "Arabic": "محمد بن عبد الله الحسيني",
    "Chinese": "王小明 龍應台",
    "Thai": "ปิยะดา สุขสวัสดิ์ กุ้งน้ำ",
    "Lao": "ສຸກສະຫວັນ ແກ້ວມະນີ",
    "Khmer": "សុខ ស្រីពៅ",
    "Burmese": "ဒေါ်အောင်ဆန်းစုကြည် ဦးထွန်းလင်း",
    "Devanagari": "सुनीता कृष्णमूर्ति",
    "Bengali": "শিরিন চৌধুরী",
    "Sinhala": "සුනිල් පෙරේරා",
    "Tamil": "சுந்தரம்",
    "Thaana": "އަޙްމަދު",
    "Georgian": "ნინო ბერიძე",
    "Cyrillic": "Ольга Ћирић",
    "Vietnamese": "Đặng Thị Ngọc",
    "Korean": "김민수",
    "Japanese": "山田花子 ヤマダ",
}


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def objects_of(pdf):
    """The file with its compressed streams opened."""
    opened = [zlib.decompress(stream) for stream in _streams(pdf)]
    return pdf + b"\n".join(opened)


def _streams(pdf):
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            zlib.decompress(found[1])
        except zlib.error:
            continue
        yield found[1]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_letter_is_tagged_has_a_title_and_a_language_and_embeds_its_fonts(person, language):
    letter = letter_for(person, Kind.INVITATION, language)
    content = objects_of(drawing.draw(letter))
    assert b"/StructTreeRoot" in content
    assert re.search(rb"/MarkInfo\s*<<[^>]*/Marked true", content)
    assert f"/Lang({language})".encode() in content
    assert b"pdfuaid:part" in content
    assert letter.snapshot["title"].encode() in content  # in the metadata, which are not encoded
    fonts = set(re.findall(rb"/FontName\s*/([^\s/<>]+)", content))
    assert fonts
    assert content.count(b"/FontFile") >= len(fonts)


@pytest.mark.parametrize("script", NAMES)
@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
def test_a_name_in_any_script_stands_in_a_letter_of_any_language(delegation, script, language):
    who = approved(delegation=delegation, display_name=NAMES[script], honorific="")
    pdf = drawing.draw(letter_for(who, Kind.CONFIRMATION, language))
    # PDF/UA-1 is refused by the typesetter where a character has no glyph, so that it was drawn says they all have one.
    assert pdf.startswith(b"%PDF-1.7")
    assert len(pypdfium2.PdfDocument(pdf)) >= 1


def test_the_text_can_be_read_and_copied(person):
    words = text_of(drawing.draw(letter_for(person)))
    assert "Ms. Litia Waqanisau" in words
    assert "EAP/2008/REG/0001" in words


def test_the_same_letter_is_the_same_file_each_time(person):
    letter = letter_for(person)
    first = drawing.draw(letter)
    person.display_name = "Somebody Else"
    person.save()
    letter.refresh_from_db()
    assert drawing.draw(letter) == first


@pytest.mark.parametrize(
    "name",
    [
        '#import "@preview/evil:1.0.0": *',
        '#read("/etc/passwd")',
        "$ #panic() $ *bold* _slanted_ `raw` = heading",
        "<label> @ref \\ \\u{41}",
        "a" * 300,
        "{{ number }} {% if x %}",
    ],
)
def test_what_is_typed_is_printed_as_it_is(delegation, name):
    who = approved(delegation=delegation, display_name=name[:200], honorific="")
    letter = letter_for(who)
    words = "".join(text_of(drawing.draw(letter)).split())
    assert "".join(name[:200].split())[:60] in words


def test_what_nobody_sees_does_not_turn_a_name_around(delegation):
    who = approved(delegation=delegation, display_name="Ana\u202e gnorw\u202c\nSecond line\x07", honorific="")
    letter = letter_for(who)
    assert letter.snapshot["to"][0] == "Ana gnorw Second line"


def test_a_long_letter_has_numbered_pages(person, meeting):
    words = texts.Words("Letter", "A long letter", "\n\n".join(f"Paragraph {n}. {{{{ name }}}}" for n in range(80)))
    texts.save(meeting, "letter_confirmation", None, "en", words, by=None)
    words = text_of(drawing.draw(letter_for(person)))
    assert [f"{n} / 4" in words for n in range(1, 5)] == [True] * 4


def test_the_words_of_the_organisers_are_markup_and_those_of_delegates_are_not(delegation, meeting):
    own = texts.Words("Letter", "Welcome", "**Welcome**, {{ name }}\n\n- one\n- two {{ delegation }}")
    texts.save(meeting, "letter_confirmation", None, "en", own, by=None)
    meeting.refresh_from_db()
    letter = letter_for(approved(delegation=delegation, display_name="**Ana**", honorific=""))
    first, rows = letter.snapshot["parts"]
    assert first["runs"][0] == {"text": "Welcome", "strong": True, "slanted": False}
    assert "".join(run["text"] for run in first["runs"]) == "Welcome, **Ana**"
    assert [run["text"] for run in rows["lines"][1]] == ["two Fiji"]


@pytest.mark.parametrize("language", ["en", "fr", "es", "ru", "zh-hans", "ar"])
@pytest.mark.parametrize("honorific", ["", *Honorific.values])
def test_everybody_is_greeted_and_nobody_is_made_a_man_or_a_woman(language, honorific):
    who = Registration(honorific=honorific)
    words = salutation(who, language, "Litia Vuki")
    gendered = {"en": ("Ms.", "Mr."), "fr": ("Madame,", "Monsieur,"), "es": ("Sra.", "Sr."), "ru": ("г-жа", "г-н"),
                "zh-hans": ("女士", "先生"), "ar": ("السيدة", "السيد ")}[language]  # fmt: skip
    asked = {"Ms.": gendered[0], "H.E. Ms.": gendered[0], "Mr.": gendered[1], "H.E. Mr.": gendered[1]}.get(honorific)
    said = [word for word in gendered if word in words] if words != "Madame, Monsieur," else []
    assert all(word == asked for word in said)
    assert words[-1] in ",:！!：،"


def test_every_language_greets_an_excellency():
    assert all(WORDS[language][Honorific.HE] != WORDS[language][""] for language in WORDS)


def test_an_entity_is_called_by_its_name_in_the_language_of_the_letter(person):
    assert ["Represents", "Fiji"] in letter_for(person, language="en").snapshot["facts"]
    assert "Fidji" in [value for _label, value in letter_for(person, language="fr").snapshot["facts"]]
    assert letter_for(person, language="ar").snapshot["rtl"] is True


def test_missing_characters_are_named_once():
    assert glyphs.missing("Aña 王 ဒေါ် 𐎀𐎁𐎀") == "𐎀𐎁"


def test_what_coverage_promises_the_fonts_have(person):
    """Every fortieth range, set in both weights: a character without a glyph would be refused."""
    lines = (glyphs.FOLDER / "coverage.txt").read_text().split()[::40]
    some = "".join(chr(int(line.partition("-")[0], 16)) for line in lines)
    some = "".join(c for c in some if c.isprintable() and not c.isspace())
    letter = letter_for(person)
    said = letter.snapshot | {"to": [some[n : n + 30] for n in range(0, len(some), 30)]}
    said["facts"] = [["x", some[n : n + 30]] for n in range(0, len(some), 30)]
    assert drawing.draw_snapshots([(said, letter.code)])


def test_several_letters_in_one_file_begin_on_pages_of_their_own(delegation):
    letters = [letter_for(approved(delegation=delegation)) for _ in range(3)]
    assert len(pypdfium2.PdfDocument(drawing.draw_together(letters))) == 3


def test_the_salutation_stands_once(person, meeting):
    assert letter_for(person).snapshot["salutation"] == "Dear Ms. Litia Waqanisau,"
    own = texts.Words("L", "T", "{{ salutation }}\n\n{{ name }}")
    texts.save(meeting, "letter_invitation", None, "en", own, by=None)
    assert letter_for(person, Kind.INVITATION).snapshot["salutation"] == ""


def test_a_certificate_greets_nobody(person):
    letter = letter_for(person, Kind.CERTIFICATE)
    assert letter.snapshot["solemn"] is True
    assert letter.snapshot["salutation"] == "" and letter.snapshot["to"] == []


def test_issuing_several_asks_no_more_queries_than_one(delegation):
    counts = []
    letter_for(approved(delegation=delegation))  # what is set up by the first
    for number in (1, 3):
        people = [approved(delegation=delegation) for _ in range(number)]
        with CaptureQueriesContext(connection) as asked, transaction.atomic():
            issue.issue_to(issue.lock([p.pk for p in people]), issue.Wanted(Kind.CONFIRMATION, "en"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
