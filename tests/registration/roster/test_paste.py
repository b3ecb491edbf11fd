"""Rows from a spreadsheet: drafts at once, nobody twice, and a way back."""

import pytest
from django.contrib.messages import get_messages

from registration.models import Channel, Registration, Status
from tests.registration.roster.conftest import at, make_draft

pytestmark = pytest.mark.django_db

ROWS = (
    "Nguyễn Thị Hoài An\tVice-Minister\tHead\tan@molisa.example\r\n"
    "Trần Quốc Bảo\tDirector, International Cooperation\tAlternate\tbao.tq@molisa\r\n"
    "Sukarno\tAdviser\tboss\tsukarno@example.org\r\n"
)


def put(client, delegation, text):
    return client.post(at("paste", delegation), {"rows": text})


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def roster(delegation):
    return list(Registration.objects.filter(delegation=delegation).order_by("precedence"))


def test_rows_become_drafts_in_their_order_with_mistakes_kept(client, delegation, focal):
    assert put(client, delegation, ROWS).status_code == 302
    rows = roster(delegation)
    assert [(r.display_name, r.given_names, r.role, r.status, r.channel) for r in rows] == [
        ("Nguyễn Thị Hoài An", "Nguyễn Thị Hoài An", "head", Status.DRAFT, Channel.ROSTER),
        ("Trần Quốc Bảo", "Trần Quốc Bảo", "alternate", Status.DRAFT, Channel.ROSTER),
        ("Sukarno", "Sukarno", "adviser", Status.DRAFT, Channel.ROSTER),
    ]
    assert [r.unparsed for r in rows] == [{}, {"email": "bao.tq@molisa"}, {"role": "boss"}]


@pytest.mark.parametrize("delimiter", ["\t", ";", ","])
def test_headings_are_found_by_name_in_any_order(client, delegation, focal, delimiter):
    text = "Courriel;Nom de famille;Prénoms;Fonction\nabe@example.org;阿部;;顾问\n".replace(";", delimiter)
    put(client, delegation, text)
    [row] = roster(delegation)
    assert (row.email, row.family_name, row.display_name) == ("abe@example.org", "阿部", "阿部")


def test_the_same_rows_twice_add_nobody(client, delegation, focal):
    put(client, delegation, ROWS)
    response = put(client, delegation, ROWS)
    assert Registration.objects.count() == 3
    assert any("3 rows are here already" in text for text in told(response))


def test_somebody_twice_in_one_paste_is_added_once(client, delegation, focal):
    put(
        client,
        delegation,
        "Ana\tJudge\tAdviser\ta@b.org\nANA\tJudge\tAdviser\tother@b.org\nEva\tJudge\tAdviser\tA@B.org",
    )
    assert [r.display_name for r in roster(delegation)] == ["Ana", "Eva"]


def test_an_address_of_a_whole_office_keeps_nobody_out(client, delegation, focal):
    rows = "".join(f"{name}\tJudge\tAdviser\tmission@example.org\n" for name in ("Truong Anh", "Truong Binh", "Chi"))
    response = put(client, delegation, rows)
    assert [r.display_name for r in roster(delegation)] == ["Truong Anh", "Truong Binh", "Chi"]
    assert not any("already" in text for text in told(response))
    response = put(client, delegation, rows + "Anh Thi Truong\tJudge\tAdviser\tMission@example.org\n")
    assert any("4 rows are here already" in text for text in told(response))
    assert Registration.objects.count() == 3


def test_who_has_withdrawn_is_not_here(client, delegation, focal):
    gone = make_draft(delegation, given_names="Ana", family_name="", email="a@b.org")
    Registration.objects.filter(pk=gone.pk).update(status=Status.WITHDRAWN)
    put(client, delegation, "Ana\tJudge\tAdviser\ta@b.org\nEva\tJudge\tAdviser\te@b.org")
    assert Registration.objects.filter(status=Status.DRAFT).count() == 2


def test_pasting_twice_at_the_same_moment_adds_nobody_twice(client, delegation, focal):
    put(client, delegation, ROWS)
    put(client, delegation, ROWS.replace("\r\n", "\n") + "\n\n")
    assert Registration.objects.count() == 3


def test_new_rows_stand_behind_those_that_are_here(client, delegation, focal):
    make_draft(delegation, given_names="First", family_name="", precedence=7)
    put(client, delegation, ROWS)
    assert [r.precedence for r in roster(delegation)] == [7, 8, 9, 10]


def test_a_paste_can_be_taken_back_but_for_what_somebody_has_touched(client, delegation, focal):
    from registration.roster import cells
    from registration.roster.cells import Cell

    put(client, delegation, ROWS)
    kept = roster(delegation)[0]
    cells.save(kept.pk, {"functional_title": Cell("Minister", "Vice-Minister")}, delegation, by=focal)
    response = client.post(at("undo_paste", delegation))
    assert [r.pk for r in roster(delegation)] == [kept.pk]
    assert told(response) == [*told(response)[:-2], "2 rows were taken out.", told(response)[-1]]
    assert "1 row was changed or sent meanwhile" in told(response)[-1]


@pytest.mark.parametrize("text", ["", "  \n\t\t\n", "\u00a0\n\u202b\u202c\n"])
def test_nothing_to_take_says_so(client, delegation, focal, text):
    response = put(client, delegation, text)
    assert response.status_code == 422
    assert "Copy the rows in your spreadsheet" in response.content.decode()


def test_too_many_rows_are_refused_and_stay_in_the_field(client, delegation, focal):
    text = "\n".join(f"Person {n}\tJudge\tAdviser\tp{n}@example.org" for n in range(5000))
    response = put(client, delegation, text)
    assert (response.status_code, Registration.objects.count()) == (422, 0)
    shown = response.content.decode()
    assert "These are 5,000 rows. Paste at most 500 at once, or upload the file." in shown
    assert "p4999@example.org" in shown


def test_an_open_quotation_mark_loses_nothing(client, delegation, focal):
    put(client, delegation, '"Ana\tJudge\tAdviser\ta@b.org\nEva\tJudge\tAdviser\te@b.org')
    assert [r.display_name for r in roster(delegation)] == ['"Ana', "Eva"]


def test_a_column_nobody_understands_is_told(client, delegation, focal):
    response = put(client, delegation, "Name\tEmail\tShoe size\nAna\ta@b.org\t38")
    assert any("Shoe size" in text for text in told(response))


def test_headings_that_nobody_understands_are_quoted(client, delegation, focal):
    response = put(client, delegation, "Name\tEmail\tSize no.\tRow no.\nAna\ta@b.org\t38\t4")
    assert any("Not taken: “Size no.” and “Row no.”. Nobody" in text for text in told(response))
