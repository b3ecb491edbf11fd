"""Order, head, and sending: each row by itself, told beforehand."""

import datetime

import pytest
from django.utils import timezone

from registration import workflow
from registration.models import DelegationEvent, Registration, SeatOffer, Status, Typist
from registration.roster import order
from tests.factories import DelegationFactory, LetterFactory, RegistrationFactory, UserFactory
from tests.registration.roster.conftest import at, make_draft
from tests.registration.test_races import at_once

pytestmark = pytest.mark.django_db
BORN = datetime.date(1980, 5, 31)


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr("registration.tasks.send_mail.delay", lambda *args: None)


def people(delegation, n, **values):
    return [make_draft(delegation, precedence=k, birth_date=BORN, **values) for k in range(1, n + 1)]


def now(delegation):
    return [r.reference for r in Registration.objects.filter(delegation=delegation).order_by("precedence")]


def test_one_list_sets_the_order_and_is_written_down(client, delegation, focal):
    a, b, c = people(delegation, 3)
    client.post(at("order", delegation), {"order": f"{c.reference} {a.reference} {b.reference}"})
    assert now(delegation) == [c.reference, a.reference, b.reference]
    assert DelegationEvent.objects.get(action="ordered").by == focal


@pytest.mark.parametrize(("button", "expected"), [("up", "bac"), ("down", "acb")])
def test_a_button_moves_a_row_by_one_place(client, delegation, focal, button, expected):
    rows = dict(zip("abc", people(delegation, 3), strict=True))
    client.post(at("order", delegation), {button: rows["b"].reference})
    assert now(delegation) == [rows[letter].reference for letter in expected]


def test_numbers_set_the_order(client, delegation, focal):
    a, b, c = people(delegation, 3)
    client.post(at("order", delegation), {f"n-{c.reference}": "1", f"n-{a.reference}": "x"})
    assert now(delegation) == [c.reference, a.reference, b.reference]


def test_the_last_order_holds_and_says_that_another_was_there(client, delegation, focal):
    a, b = people(delegation, 2)
    seen = f"{a.reference} {b.reference}"
    order.put_in_order(delegation, [b.reference, a.reference], by=UserFactory(name="Lộc"))
    answer = client.post(at("order", delegation), {"order": seen, "seen": seen}, headers={"accept": "application/json"})
    assert now(delegation) == [a.reference, b.reference]
    assert answer.json()["message"].startswith("Lộc changed the order at ")


def test_rows_of_another_delegation_are_not_ordered(client, delegation, focal):
    [mine] = people(delegation, 1)
    theirs = make_draft(DelegationFactory(), precedence=5)
    client.post(at("order", delegation), {"order": f"{theirs.reference} {mine.reference}"})
    theirs.refresh_from_db()
    assert theirs.precedence == 5


@pytest.mark.django_db(transaction=True)
def test_two_orders_at_once_leave_one_of_them(delegation):
    refs = [r.reference for r in people(delegation, 6)]
    by = UserFactory()
    wanted = [refs[::-1], refs[2:] + refs[:2]]
    at_once(*[lambda w=w: order.put_in_order(delegation, w, by=by) for w in wanted])
    assert now(delegation) in wanted


def test_a_new_head_leaves_the_former_one_only_after_asking(client, delegation, focal):
    old, new = make_draft(delegation, role="head"), make_draft(delegation)
    assert client.post(at("head", delegation), {"head": new.reference}).status_code == 200
    old.refresh_from_db()
    assert old.role == "head"
    client.post(at("head", delegation), {"head": new.reference, "former": "deputy"})
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.role, new.role) == ("deputy", "head")


def test_the_forecast_tells_what_becomes_of_each(client, delegation, focal):
    delegation.quota = 2
    delegation.save()
    people(delegation, 3)
    make_draft(delegation, email="", birth_date=BORN)
    told = client.get(at("submit", delegation)).context["told"]
    assert [len(part) for part in (told.sent, told.waiting, told.mistaken)] == [2, 1, 1]


def test_all_that_is_right_is_sent_and_the_rest_stays(client, delegation, focal):
    delegation.quota = 2
    delegation.save()
    people(delegation, 3)
    bad = make_draft(delegation, email="", birth_date=BORN)
    client.post(at("submit", delegation))
    statuses = list(Registration.objects.order_by("pk").values_list("status", flat=True))
    assert statuses == [Status.SUBMITTED, Status.SUBMITTED, Status.WAITLISTED, Status.DRAFT]
    bad.refresh_from_db()
    assert bad.status == Status.DRAFT


def test_only_those_that_were_ticked_are_sent(client, delegation, focal):
    a, b = people(delegation, 2)
    client.post(at("submit", delegation), {"row": [b.reference]})
    a.refresh_from_db()
    b.refresh_from_db()
    assert (a.status, b.status) == (Status.DRAFT, Status.SUBMITTED)


def test_who_has_no_date_of_birth_needs_a_word_about_age(client, delegation, focal):
    row = make_draft(delegation)
    assert client.post(at("submit", delegation)).status_code == 422
    row.refresh_from_db()
    assert row.status == Status.DRAFT
    client.post(at("submit", delegation), {"of_age": "on"})
    row.refresh_from_db()
    assert row.status == Status.SUBMITTED
    assert row.events.filter(by=focal, reason__startswith="Everybody without a date of birth here is 18").exists()


def test_a_vip_needs_a_name_a_title_and_a_role(client, delegation, focal):
    vip = make_draft(delegation, email="", on_behalf=True, birth_date=BORN, role="head")
    client.post(at("submit", delegation))
    vip.refresh_from_db()
    assert vip.status == Status.SUBMITTED


def test_a_returned_row_goes_back(client, delegation, focal):
    row = returned(delegation, focal)
    workflow.edit(row.pk, {"functional_title": "Minister"}, by=focal)
    client.post(at("submit", delegation))
    row.refresh_from_db()
    assert row.status == Status.SUBMITTED


def returned(delegation, by, **values):
    row = RegistrationFactory(delegation=delegation, birth_date=BORN, status=Status.RETURNED, **values)
    row.status_reason, row.returned_fields = "Sign the letter.", ["letter", "email"]
    row.save()
    return row


def test_what_came_back_and_was_not_touched_stays_until_it_is_ticked(client, delegation, focal):
    row, [draft] = returned(delegation, focal), people(delegation, 1)
    assert client.get(at("workspace", delegation)).context["ready"] == 1
    page = client.get(at("submit", delegation), {"row": [row.reference, draft.reference]})
    text = page.content.decode()
    assert [line.registration for line in page.context["told"].unmended] == [row]
    assert "1 was returned, and nothing was changed since" in text
    assert "Sign the letter.</bdi> (Letter and Email)" in text
    assert f'href="{at("row", delegation, reference=row.reference)}"' in text
    assert f'type="checkbox" name="row" value="{row.reference}"' in text
    client.post(at("submit", delegation))
    row.refresh_from_db()
    draft.refresh_from_db()
    assert (row.status, draft.status) == (Status.RETURNED, Status.SUBMITTED)
    client.post(at("submit", delegation), {"row": ["", row.reference]})
    row.refresh_from_db()
    assert row.status == Status.SUBMITTED


@pytest.mark.parametrize(
    ("fields", "is_mended"), [(["letter"], True), (["email"], False)], ids=["asked for", "not asked for"]
)
def test_the_letter_of_the_delegation_mends_where_a_letter_was_asked_for(delegation, focal, fields, is_mended):
    row = returned(delegation, focal)
    row.returned_fields = fields
    row.save()
    LetterFactory(registration=None, delegation=delegation, meeting=delegation.meeting)
    assert workflow.untouched([row]) == (set() if is_mended else {row.pk})


@pytest.mark.parametrize("rows", [1, 3])
def test_who_was_returned_is_looked_up_at_once(delegation, focal, django_assert_num_queries, rows):
    back = [returned(delegation, focal) for _ in range(rows)]
    with django_assert_num_queries(1):
        assert workflow.untouched(back) == {row.pk for row in back}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (None, "No letter for the delegation yet. One of these is needed: Note verbale or Credentials."),
        ("assignment", "Letter of assignment. One of these is needed: Note verbale or Credentials."),
        ("credentials", ""),
    ],
)
def test_the_forecast_says_that_no_letter_of_the_right_kind_has_come(client, delegation, focal, kind, said):
    delegation.category.required_documents = ["note_verbale", "credentials"]
    delegation.category.save()
    [draft] = people(delegation, 1)
    if kind:
        LetterFactory(registration=None, delegation=delegation, meeting=delegation.meeting, kind=kind)
    page = client.get(at("submit", delegation))
    assert page.context["about_letter"] == said
    assert said in page.content.decode()
    client.post(at("submit", delegation))
    draft.refresh_from_db()
    assert draft.status == Status.SUBMITTED


def test_a_closed_meeting_takes_nothing_but_from_organisers(client, delegation, focal):
    type(delegation.meeting).objects.update(registration_held_open=False)
    [row] = people(delegation, 1)
    client.post(at("submit", delegation))
    row.refresh_from_db()
    assert row.status == Status.DRAFT


def act(client, delegation, row, code, **data):
    client.post(at("act", delegation, reference=row.reference, code=code), data)
    row.refresh_from_db()
    return row.status


def test_withdrawing_and_coming_back(client, delegation, focal):
    row = RegistrationFactory(delegation=delegation)
    assert act(client, delegation, row, "withdraw", reason="Ill") == Status.WITHDRAWN
    assert act(client, delegation, row, "come-back") == Status.SUBMITTED


def test_a_seat_on_offer_is_taken_or_left(client, delegation, focal):
    soon = timezone.now() + datetime.timedelta(hours=5)
    a, b = RegistrationFactory.create_batch(2, delegation=delegation, status=Status.WAITLISTED)
    for row in (a, b):
        SeatOffer.objects.create(registration=row, expires_at=soon)
    assert act(client, delegation, a, "take-seat") == Status.SUBMITTED
    assert act(client, delegation, b, "leave-seat") == Status.WAITLISTED


def test_endorsing_is_for_categories_that_want_it(client, delegation, focal):
    row = RegistrationFactory(delegation=delegation)
    act(client, delegation, row, "endorse")
    assert row.endorsed_by is None
    delegation.category.typist = Typist.ENDORSED
    delegation.category.save()
    act(client, delegation, row, "endorse")
    assert row.endorsed_by == focal


def test_a_draft_is_deleted_but_not_while_a_letter_names_it(client, delegation, focal):
    from registration.models import LetterName, Pairing

    letter = LetterFactory(registration=None, delegation=delegation, meeting=delegation.meeting)
    a, b = make_draft(delegation), make_draft(delegation)
    LetterName.objects.create(letter=letter, number=1, name="A", pairing=Pairing.MATCHED, registration=a)
    client.post(at("act", delegation, reference=a.reference, code="delete"))
    client.post(at("act", delegation, reference=b.reference, code="delete"))
    assert list(Registration.objects.values_list("pk", flat=True)) == [a.pk]


def test_nothing_is_done_to_a_row_of_another_delegation(client, delegation, focal):
    theirs = RegistrationFactory()
    for name, more in (("row", {}), ("substitute", {}), ("act", {"code": "withdraw"})):
        assert client.post(at(name, delegation, reference=theirs.reference, **more)).status_code == 404
    theirs.refresh_from_db()
    assert theirs.status == Status.SUBMITTED


def test_an_act_that_is_not_possible_any_more_does_nothing(client, delegation, focal):
    row = RegistrationFactory(delegation=delegation, status=Status.APPROVED)
    assert act(client, delegation, row, "delete") == Status.APPROVED
    assert act(client, delegation, row, "come-back") == Status.APPROVED
    assert client.get(at("act", delegation, reference=row.reference, code="approve")).status_code == 404


def test_somebody_else_comes_with_the_seat(client, delegation, focal):
    old = RegistrationFactory(delegation=delegation, status=Status.APPROVED, precedence=3)
    address = at("substitute", delegation, reference=old.reference)
    assert client.post(address, {"given_names": "Ana"}).status_code == 200
    data = {"given_names": "Ana", "functional_title": "Judge", "email": "ana@example.org", "birth_date": "31 May 1980"}
    client.post(address, data)
    new = Registration.objects.get(replaces=old)
    assert (new.display_name, new.status, new.precedence) == ("Ana", Status.SUBMITTED, 3)
