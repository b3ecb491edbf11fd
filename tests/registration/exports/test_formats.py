"""Each format opened again: nothing of what was typed is lost or changed, and no cell calculates."""

import datetime
import json

import icalendar
import pypdfium2
import pytest
from django.urls import reverse

from registration.exports import options
from registration.exports.vcard import cards
from registration.lists import xlsx_export
from registration.models import QuestionKind, Registration
from registration.questions import answers
from tests.factories import ChildFactory, QuestionFactory, RegistrationFactory

from . import ask, content, in_csv, in_xlsx, read_csv, read_json, read_xlsx

pytestmark = pytest.mark.django_db(transaction=True)  # COPY reads on a connection of its own

CHOSEN = {"columns": "reference,name,title,department,precedence,status,role,since,contact_shared"}
ODD = 'Ōtānī; "Pat", O\'Neill\t漢字 ສົມພອນ عبد'


def test_what_was_typed_comes_back_from_each_dialect(client, meeting, exporter, person):
    Registration.objects.filter(pk=person.pk).update(display_name=ODD)
    for dialect, delimiter in (("comma", ","), ("semicolon", ";"), ("tab", "\t")):
        headings, row = read_csv(ask(client, meeting, query=CHOSEN, dialect=dialect), delimiter)
        assert headings[1:4] == ["Printed name", "Functional title", "Ministry or department"]
        assert row[1:5] == [ODD, '\'=HYPERLINK("http://evil")', "Women, Children;\nand “Poverty” Alleviation", "3"]


def test_a_tab_file_says_so(client, meeting, exporter, person):
    response = ask(client, meeting, dialect="tab")
    assert response["Content-Type"] == "text/tab-separated-values; charset=utf-8"
    assert response["Content-Disposition"].endswith('.tsv"')
    content(response)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_for_programs_names_and_codes_stay_whatever_language_is_read(client, meeting, exporter, person, language):
    client.cookies["django_language"] = language
    for rows in (in_csv, in_xlsx):
        [row] = rows(client, meeting, CHOSEN, headings="machines")
        assert list(row) == CHOSEN["columns"].split(",")
        assert (row["status"], row["role"], row["contact_shared"]) == ("approved", "head", "true")


def test_for_people_headings_and_words_are_in_their_language(client, meeting, exporter, person):
    client.cookies["django_language"] = "fr"
    [row] = in_csv(client, meeting, {"columns": "reference,category"})
    assert "Membres" in row.values() and "Category" not in row


def test_json_has_types_and_names_for_programs(client, meeting, exporter, person):
    question = QuestionFactory(meeting=meeting, key="copies", kind=QuestionKind.NUMBER, readers=["lists"])
    day = QuestionFactory(meeting=meeting, key="day", kind=QuestionKind.DATE, readers=["lists"])
    answers.save(person, {question: 12.5, day: "2008-09-18"})
    other = RegistrationFactory(delegation=person.delegation, display_name='a\\b\n"\x01')
    chosen = {"columns": CHOSEN["columns"] + ",q_copies,q_day", "sort": "name"}
    client.cookies["django_language"] = "fr"
    response = ask(client, meeting, "json", chosen)
    assert response["Content-Type"] == "application/json"
    found = read_json(response)
    assert found["meeting"]["slug"] == "eap" and found["meeting"]["time_zone"] == "Asia/Bangkok"
    assert {c["name"]: c["type"] for c in found["columns"]} == {
        "reference": "text", "name": "text", "title": "text", "department": "text", "precedence": "number",
        "status": "text", "role": "text", "since": "datetime", "contact_shared": "boolean", "q_copies": "number",
        "q_day": "date",
    }  # fmt: skip
    people = {each["reference"]: each for each in found["people"]}
    assert people[person.reference] == {
        "reference": person.reference, "name": "Litia WAQANISAU", "title": '=HYPERLINK("http://evil")',
        "department": "Women, Children;\nand “Poverty” Alleviation", "precedence": 3, "status": "approved",
        "role": "head", "since": "2008-09-08T09:12:00", "contact_shared": True, "q_copies": 12.5, "q_day": "2008-09-18",
    }  # fmt: skip
    assert people[other.reference]["name"] == 'a\\b\n"\x01'
    assert people[other.reference]["q_copies"] is None


@pytest.mark.parametrize("count", [0, 1, 400])
def test_json_of_any_number_is_json(client, meeting, exporter, person, count):
    Registration.objects.all().delete() if not count else None
    RegistrationFactory.create_batch(max(count - 1, 0), delegation=person.delegation, functional_title="x" * 200)
    assert len(read_json(ask(client, meeting, "json"))["people"]) == count


def test_a_workbook_knows_dates_numbers_and_text(client, meeting, exporter, person):
    sheet = read_xlsx(ask(client, meeting, "xlsx", CHOSEN))
    row = {heading.value: cell for heading, cell in zip(sheet[1], sheet[2], strict=True)}
    assert row["Since"].value == datetime.datetime(2008, 9, 8, 9, 12) and row["Since"].is_date
    assert row["Place in the delegation"].value == 3
    assert (row["Functional title"].value, row["Functional title"].data_type) == ('=HYPERLINK("http://evil")', "s")
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:I2"
    assert sheet.print_title_rows == "$1:$1" and sheet.page_setup.orientation == "landscape"
    assert not sheet.sheet_view.rightToLeft
    client.cookies["django_language"] = "ar"
    assert read_xlsx(ask(client, meeting, "xlsx", CHOSEN)).sheet_view.rightToLeft


def test_what_a_cell_cannot_hold_is_said_there():
    most = xlsx_export.MOST_IN_CELL
    assert xlsx_export.fitted("x" * most) == "x" * most
    for text in ("x" * (most + 1), "😀" * most):
        cut = xlsx_export.fitted(text)
        assert len(cut.encode("utf-16-le")) // 2 <= most
        assert cut.endswith("[… The rest does not fit into a cell. CSV and JSON have all of it.]")
        assert cut[0] == text[0]


def pdf_text(data):
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_bounded() for page in document]


def test_a_table_to_print_has_its_headings_on_each_page(client, meeting, exporter, person):
    RegistrationFactory.create_batch(90, delegation=person.delegation)
    response = ask(client, meeting, "pdf")
    assert response["Content-Type"] == "application/pdf"
    data = content(response)
    assert b"/StructTreeRoot" in data
    pages = pdf_text(data)
    assert len(pages) > 2
    assert all("Printed name" in page and "EAP 2008" in page for page in pages)
    assert "91 people" in pages[0] and any("Litia WAQANISAU" in page for page in pages)


def test_a_table_says_of_whom_it_is(client, meeting, exporter, person):
    query = {"status": "approved", "role": "head", "q": "Litia"}
    [page] = pdf_text(content(ask(client, meeting, "pdf", query)))
    told = next(line for line in page.splitlines() if line.startswith("EAP 2008 · "))
    assert told == "EAP 2008 · 1 person · Approved · Litia · Representative (head of delegation)"


def test_a_table_of_nobody_says_so(client, meeting, exporter):
    assert "Nobody fits these filters." in pdf_text(content(ask(client, meeting, "pdf")))[0]


def test_a_name_that_turns_the_direction_of_text_turns_nothing_else(client, meeting, exporter, person):
    Registration.objects.filter(pk=person.pk).update(display_name="Ana \u202egnorW\nBrown #strong[x] $y$")
    [page] = pdf_text(content(ask(client, meeting, "pdf", {"columns": "reference,name"})))
    assert "#strong[x] $y$" in " ".join(page.split())
    assert "\u202e" not in page


def test_contacts_are_those_who_share_theirs_and_never_children(client, meeting, exporter, person):
    RegistrationFactory(delegation=person.delegation, contact_shared=False, email="not@example.org")
    ChildFactory(delegation=person.delegation)
    response = ask(client, meeting, "vcf", reason="The chair's office calls them")
    assert response["Content-Type"] == "text/vcard; charset=utf-8"
    text = content(response).decode()
    assert text.count("BEGIN:VCARD") == 1 and "not@example.org" not in text
    card = icalendar.Component.from_ical(text)
    assert card["VERSION"] == "4.0"
    assert card["FN"] == "Litia WAQANISAU"
    assert card["EMAIL"] == "litia@example.org"
    assert "TEL;VALUE=uri;TYPE=work:tel:+6622881234" in text
    assert "N:Waqanisau;Litia;;Ms.;" in text
    assert "ORG:Fiji;Women\\, Children\\;\\nand “Poverty” Alleviation" in text.replace("\r\n ", "")


def test_an_older_card_is_as_older_books_read_it(client, meeting, exporter, person):
    text = content(ask(client, meeting, "vcf", card="3.0", reason="The chair's office calls them")).decode()
    assert "VERSION:3.0" in text and "TEL;TYPE=WORK,VOICE:+66 2 288 1234" in text


def test_nobody_becomes_two_cards_by_what_they_typed(meeting, person):
    values = dict.fromkeys(("honorific", "department", "functional_title", "organisation", "phone"), "")
    given = {
        "reference": "EAP-1", "display_name": "A\r\nEND:VCARD\r\nBEGIN:VCARD", "given_names": "A", "family_name": "B",
        "delegation__name": "Fiji;x", "email": "a@example.org\nTEL:1", "changed_at": person.changed_at,
    }  # fmt: skip
    text = b"".join(cards(meeting, [values | given], "4.0")).decode()
    lines = text.replace("\r\n ", "").split("\r\n")
    assert (lines.count("BEGIN:VCARD"), lines.count("END:VCARD")) == (1, 1)
    assert not any(line.startswith("TEL:1") for line in lines)


def test_no_format_tells_gender(client, meeting, exporter, person):
    Registration.objects.filter(pk=person.pk).update(gender="woman")
    page = client.get(reverse("admin:desk:people", args=[meeting.slug])).content.decode().lower()
    assert "gender" not in page
    for file_format in ("csv", "json"):
        asked = ask(client, meeting, file_format, {"columns": "reference,gender"})
        assert "woman" not in json.dumps(content(asked).decode())


SCRIPTS = "Ωмега 漢字 ไทย ລາວ ខ្មែរ မြန်မာ हिन्दी বাংলা සිංහල தமிழ் ދިވެހި ქართული Հայ עברית عربي ăệ"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_script_is_printed_and_what_no_font_has_is_marked(client, meeting, exporter, person, language):
    client.cookies["django_language"] = language
    Registration.objects.filter(pk=person.pk).update(display_name=SCRIPTS, functional_title="\U00012000 scribe")
    [page] = pdf_text(content(ask(client, meeting, "pdf", {"columns": "reference,name,title"})))
    assert {"漢字", "Ωмега", "ქართული", "Հայ"} <= set(page.split())
    assert "\N{REPLACEMENT CHARACTER}" in page and "scribe" in page


def test_a_table_of_many_columns_holds_fewer_people_and_sooner_waits_for_a_worker():
    assert [options.most("pdf", columns) for columns in (8, 12, 30)] == [5000, 5000, 2000]
    assert [options.is_for_a_worker("pdf", columns, 1000) for columns in (8, 16, 17)] == [False, False, True]
    assert options.is_for_a_worker("pdf", 1, 2001) and not options.is_for_a_worker("csv", 30, 1_000_000)
    assert options.most("csv", 30) is None
