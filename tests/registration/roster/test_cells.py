"""Two people in one roster: nobody's word is lost, and whoever comes second is shown what changed."""

import json

import pytest
from django.test import Client

from registration.models import Channel, Registration, RegistrationEvent, Status
from registration.roster import cells
from registration.roster.cells import Cell
from tests.factories import DelegationFactory, RegistrationFactory, UserFactory
from tests.registration.roster.conftest import at, look_after, make_draft
from tests.registration.test_races import at_once

pytestmark = pytest.mark.django_db


def type_in(client, delegation, row, field, value, was):
    body = {"row": row, "field": field, "value": value, "was": was}
    return client.post(at("cell", delegation), json.dumps(body), content_type="application/json")


@pytest.fixture
def other(delegation):
    client = Client()
    client.user = look_after(client, delegation, "Phạm Đức Lộc")
    return client


def test_a_cell_is_saved_and_the_row_comes_back(client, delegation, focal, draft):
    answer = type_in(client, delegation, draft.reference, "functional_title", "Judge", "Director")
    draft.refresh_from_db()
    assert (answer.status_code, draft.functional_title) == (200, "Judge")
    assert "Judge" in answer.json()["html"]


def test_a_new_row_begins_with_its_first_cell(client, delegation, focal):
    answer = type_in(client, delegation, "", "given_names", "de la Cruz", "")
    row = Registration.objects.get(reference=answer.json()["row"])
    assert answer.status_code == 201
    assert (row.given_names, row.display_name, row.channel, row.status) == (
        "de la Cruz", "de la Cruz", Channel.ROSTER, Status.DRAFT,
    )  # fmt: skip


def test_what_cannot_be_read_stays_with_a_mistake_beside_it(client, delegation, focal, draft):
    answer = type_in(client, delegation, draft.reference, "email", "khoa.vd@vnat", draft.email)
    draft.refresh_from_db()
    assert (draft.email, draft.unparsed) == ("", {"email": "khoa.vd@vnat"})
    assert "Add the end, like .org or .gov.fj" in answer.json()["html"]


def test_the_second_is_shown_what_the_first_wrote_and_chooses(client, delegation, focal, draft, other):
    type_in(other, delegation, draft.reference, "functional_title", "Judge", "Director")
    answer = type_in(client, delegation, draft.reference, "functional_title", "Minister", "Director")
    said = answer.json()
    assert answer.status_code == 409
    assert (said["theirs"], said["mine_shown"]) == ("Judge", "Minister")
    assert said["message"].startswith("Phạm Đức Lộc changed this at ")
    draft.refresh_from_db()
    assert draft.functional_title == "Judge"
    chosen = type_in(client, delegation, draft.reference, "functional_title", "Minister", said["theirs"])
    draft.refresh_from_db()
    assert (chosen.status_code, draft.functional_title) == (200, "Minister")


def test_edits_of_different_cells_merge(client, delegation, focal, draft, other):
    type_in(other, delegation, draft.reference, "functional_title", "Judge", "Director")
    type_in(client, delegation, draft.reference, "given_names", "Ana", "Litia")
    draft.refresh_from_db()
    assert (draft.functional_title, draft.given_names) == ("Judge", "Ana")


def test_both_writing_the_same_is_no_conflict(client, delegation, focal, draft, other):
    type_in(other, delegation, draft.reference, "functional_title", "Judge", "Director")
    assert type_in(client, delegation, draft.reference, "functional_title", "Judge", "Director").status_code == 200


def test_a_row_that_was_sent_meanwhile_is_not_typed_into(client, delegation, focal):
    sent = RegistrationFactory(delegation=delegation)
    answer = type_in(client, delegation, sent.reference, "functional_title", "Judge", "Director")
    sent.refresh_from_db()
    assert (answer.status_code, sent.functional_title) == (409, "Director")


def test_a_returned_row_takes_only_what_is_right(client, delegation, focal):
    returned = RegistrationFactory(delegation=delegation, status=Status.RETURNED, email="a@b.org")
    answer = type_in(client, delegation, returned.reference, "email", "khoa.vd@vnat", "a@b.org")
    returned.refresh_from_db()
    assert (answer.status_code, answer.json()["message"], returned.email) == (
        422, "Add the end, like .org or .gov.fj", "a@b.org",
    )  # fmt: skip
    assert type_in(client, delegation, returned.reference, "functional_title", "", "Director").status_code == 422


def test_two_heads_are_told_and_nobody_is_changed(client, delegation, focal, draft):
    head = make_draft(delegation, role="head")
    answer = type_in(client, delegation, draft.reference, "role", "head", "adviser")
    head.refresh_from_db()
    assert head.role == "head"
    assert "is head of delegation too" in answer.json()["warning"]


def test_a_row_of_another_delegation_is_not_touched(client, delegation, focal):
    theirs = make_draft(DelegationFactory(category__meeting=delegation.meeting))
    answer = type_in(client, delegation, theirs.reference, "functional_title", "Judge", "Director")
    theirs.refresh_from_db()
    assert (answer.status_code, theirs.functional_title) == (409, "Director")


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"row": 1, "field": "email", "value": "x", "was": ""}',
             '{"row": "", "field": "status", "value": "approved", "was": "draft"}'],
)  # fmt: skip
def test_a_made_up_body_changes_nothing(client, delegation, focal, body):
    answer = client.post(at("cell", delegation), body, content_type="application/json")
    assert (answer.status_code, Registration.objects.count()) == (400, 0)


def test_marks_that_nobody_sees_go_and_names_stay_as_typed(client, delegation, focal):
    row = type_in(client, delegation, "", "given_names", "\u202bMcDonald\u00a0\u00a0VAN DER BERG\u202c ", "").json()[
        "row"
    ]
    assert Registration.objects.get(reference=row).given_names == "McDonald VAN DER BERG"


def page_of(row, **changed):
    """What the page of a row sends: each field, and what stood in it."""
    from registration import rows
    from registration.roster.forms import ON_THE_PAGE, WAS

    texts = {name: rows.text_of(row, name) for name in ON_THE_PAGE}
    return {**texts, **{WAS + name: text for name, text in texts.items()}, **changed}


def test_a_page_shows_exactly_the_fields_that_two_have_changed(client, delegation, focal, draft, other):
    data = page_of(draft, functional_title="Minister", department="Justice", given_names="Ana")
    type_in(other, delegation, draft.reference, "functional_title", "Judge", "Director")
    type_in(other, delegation, draft.reference, "given_names", "Anna", "Litia")
    answer = client.post(at("row", delegation, reference=draft.reference), data)
    assert answer.status_code == 409
    assert [(c["name"], c["mine"], c["theirs"]) for c in answer.context["stale"]] == [
        ("take-given_names", "Ana", "Anna"),
        ("take-functional_title", "Minister", "Judge"),
    ]
    draft.refresh_from_db()
    assert draft.department == ""
    again = dict(answer.context["form"].data.items()) | {"take-functional_title": "theirs", "take-given_names": "mine"}
    client.post(at("row", delegation, reference=draft.reference), again)
    draft.refresh_from_db()
    assert (draft.functional_title, draft.given_names, draft.department) == ("Judge", "Ana", "Justice")


def test_what_is_material_waits_once_the_person_is_approved(client, delegation, focal):
    approved = RegistrationFactory(delegation=delegation, status=Status.APPROVED, given_names="Litia")
    address = at("row", delegation, reference=approved.reference)
    client.post(address, page_of(approved, given_names="Lidia", functional_title="Judge"))
    approved.refresh_from_db()
    assert (approved.given_names, approved.functional_title) == ("Litia", "Judge")
    assert "Litia" in client.get(address).content.decode()
    assert next((label, new) for label, _was, new in client.get(address).context["changes"]) == ("Given names", "Lidia")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_one_cell_at_once_one_is_told(delegation):
    draft = make_draft(delegation)
    by = [UserFactory() for _ in range(4)]
    results = at_once(
        *[
            lambda u=u: cells.save(draft.pk, {"functional_title": Cell(u.name, "Director")}, delegation, by=u)
            for u in by
        ]
    )
    draft.refresh_from_db()
    written = [result for result in results if result.is_written]
    told = [result.stale["functional_title"] for result in results if result.stale]
    assert (len(written), len(told)) == (1, 3)
    assert {stale.theirs for stale in told} == {draft.functional_title}
    assert RegistrationEvent.objects.filter(registration=draft).count() == 1


@pytest.mark.django_db(transaction=True)
def test_different_cells_at_once_are_all_kept(delegation):
    draft = make_draft(delegation)
    by = UserFactory()
    typed = {"functional_title": "Judge", "department": "Justice", "phone": "+66 2 555 0142", "given_names": "Ana"}
    was = {"functional_title": "Director", "given_names": "Litia"}
    at_once(
        *[
            lambda n=n, t=t: cells.save(draft.pk, {n: Cell(t, was.get(n, ""))}, delegation, by=by)
            for n, t in typed.items()
        ]
    )
    draft.refresh_from_db()
    assert {name: getattr(draft, name) for name in typed} == typed


@pytest.mark.parametrize("value", ["a\\u0000b", "\\ud800"])
def test_what_no_page_sends_is_refused_and_is_no_fault(client, delegation, focal, value):
    for body in (f'{{"row": "", "field": "given_names", "value": "{value}", "was": ""}}', "[" * 100_000):
        assert client.post(at("cell", delegation), body, content_type="application/json").status_code == 400
    assert not Registration.objects.exists()
