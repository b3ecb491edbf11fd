"""NUL, which no text in the database can hold, is refused in one place and with a page that people can read."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import DelegationFactory, RegistrationFactory
from tests.registration.roster.conftest import at, look_after

pytestmark = pytest.mark.django_db


@pytest.fixture
def delegation(client):
    found = DelegationFactory()
    look_after(client, found)
    return found


def refused(answer):
    return (answer.status_code, "We could not read this request" in answer.content.decode()) == (400, True)


def test_a_reason_with_nul_is_refused_and_nothing_is_done(client, delegation):
    row = RegistrationFactory(delegation=delegation)
    address = at("act", delegation, reference=row.reference, code="withdraw")
    assert refused(client.post(address, {"reason": "ill\0"}))
    row.refresh_from_db()
    assert row.status == "submitted"


def test_a_choice_in_an_address_too(client, delegation):
    assert refused(client.get(at("returning", delegation), {"from": "a\0b"}))


def test_also_the_second_value_of_a_name_and_beside_a_file(client, delegation):
    address = at("order", delegation)
    data = {"seen": ["A", "B\0"], "file": SimpleUploadedFile("a.pdf", b"%PDF")}
    assert refused(client.post(address, data))


def test_what_stands_in_a_file_is_not_looked_at(client, delegation):
    sent = client.post(at("order", delegation), {"file": SimpleUploadedFile("a.bin", b"\0\0")})
    assert sent.status_code == 302


def test_a_body_of_another_kind_is_left_to_its_view(client, delegation):
    cell = {"row": "", "field": "given_names", "value": "A\0", "was": ""}
    answer = client.post(at("cell", delegation), cell, content_type="application/json")
    assert answer.json()["message"].startswith("This cell could not be read")


def test_a_form_where_no_form_is_read_is_refused_and_no_fault(client, delegation):
    assert client.post(at("cell", delegation), {"row": "", "field": "given_names"}).status_code == 400
