"""However a child comes onto a roster, the name is sealed before anybody else can read it."""

import pytest
from django.urls import reverse

from registration import workflow
from registration.models import ChildRecord, Registration, Status
from registration.roster import sending
from registration.workflow import MoveNotAllowed
from tests.factories import DelegationFactory, RegistrationFactory

from .conftest import BORN, LEGAL_NAME, row_of, typed
from .test_leaks import assert_nothing_is_stored
from .test_pages import look_after

pytestmark = pytest.mark.django_db


def roster(page, delegation, *more):
    return reverse(f"roster:{page}", args=[delegation.meeting.slug, delegation.reference, *more])


def cells(**changed):
    return {"given_names": "Zephyrine", "family_name": "Quillabamba", "role": "observer", **changed}


def test_a_new_row_with_the_birth_date_of_a_child_is_sealed(client, delegation, for_children, focal):
    look_after(client, focal)
    answer = client.post(roster("add", delegation), cells(birth_date="4 March 2012"))
    record = ChildRecord.objects.get()
    assert (record.legal_name, record.birth_date) == (LEGAL_NAME, BORN.isoformat())
    assert answer.url == roster("child", record.registration.delegation, record.registration.reference)
    assert_nothing_is_stored()


def test_a_birth_date_typed_into_a_row_seals_it(client, delegation, for_children, focal):
    row = typed(delegation)
    look_after(client, focal)
    answer = client.post(roster("row", delegation, row.reference), {"birth_date": "4 March 2012", "was-birth_date": ""})
    record = ChildRecord.objects.get()
    assert "/children/" in answer.url
    assert row_of(record).is_minor
    assert_nothing_is_stored()


def test_rows_that_are_pasted_are_sealed_one_by_one(client, delegation, for_children, focal):
    pasted = "Given names\tFamily name\tDate of birth\nZephyrine\tQuillabamba\t2012-03-04\nMere\tTawake\t1980-01-01"
    look_after(client, focal).post(roster("paste", delegation), {"rows": pasted})
    assert ChildRecord.objects.get().legal_name == LEGAL_NAME
    assert list(delegation.registrations.values_list("given_names", flat=True)) == ["Mere"]
    assert_nothing_is_stored()


def test_a_paste_without_a_category_for_children_writes_nothing_and_keeps_the_text(client, delegation, focal):
    pasted = "Given names\tFamily name\tDate of birth\nMere\tTawake\t1980-01-01\nZephyrine\tQuillabamba\t2012-03-04"
    answer = look_after(client, focal).post(roster("paste", delegation), {"rows": pasted})
    assert answer.status_code == 422
    assert "Ask the organisers to add it" in answer.content.decode()
    assert not Registration.objects.exists()


def test_a_row_from_somewhere_else_is_sealed_when_it_is_sent(delegation, for_children, focal):
    row = typed(delegation, birth_date=BORN)
    sent = sending.send(row.pk, delegation, by=focal, of_age=False)
    assert (sent.status, sent.is_minor) == (Status.SUBMITTED, True)
    assert_nothing_is_stored()


def test_an_organiser_who_types_a_child_sees_the_alias_and_not_the_file(client, delegation, for_children, organiser):
    client.force_login(organiser)
    answer = client.post(roster("add", delegation), cells(birth_date="4 March 2012"), follow=True)
    page = answer.content.decode()
    assert row_of(ChildRecord.objects.get()).display_name in page
    assert "Quillabamba" not in page


def test_the_workspace_leads_the_senders_to_the_files_and_nobody_else(client, delegation, organiser, focal):
    RegistrationFactory(delegation=delegation)
    client.force_login(organiser)
    assert roster("children", delegation) not in client.get(roster("workspace", delegation)).content.decode()
    client.logout()
    assert (
        roster("children", delegation)
        in look_after(client, focal).get(roster("workspace", delegation)).content.decode()
    )


@pytest.mark.parametrize("page", ["add", "paste"])
def test_among_children_no_name_is_typed_into_a_row(client, record, focal, page):
    theirs = record.registration.delegation
    look_after(client, focal)
    assert client.get(roster(page, theirs)).url == roster("children", theirs)
    client.post(roster(page, theirs), cells() | {"rows": "Zephyrine Quillabamba"})
    assert theirs.registrations.count() == 1


def test_among_children_no_row_is_made_in_place_either(client, record, focal):
    theirs = record.registration.delegation
    asked = {"row": "", "field": "given_names", "value": "Zephyrine", "was": ""}
    answer = look_after(client, focal).post(roster("cell", theirs), asked, content_type="application/json")
    assert answer.status_code == 409
    assert theirs.registrations.count() == 1


def test_a_row_of_a_child_opens_its_file(client, record, focal):
    row = record.registration
    way = look_after(client, focal).get(roster("row", row.delegation, row.reference)).url
    assert way == roster("child", row.delegation, row.reference)


def test_nobody_is_moved_among_the_children_by_hand(delegation, for_children, focal):
    row = RegistrationFactory(delegation=delegation)
    with pytest.raises(MoveNotAllowed, match="date of birth brings them there"):
        workflow.edit(row.pk, {"category": for_children}, by=focal)


def test_an_open_name_among_the_children_is_not_sent(for_children, delegation):
    theirs = DelegationFactory(category=for_children, entity=delegation.entity)
    row = RegistrationFactory(delegation=theirs, status=Status.DRAFT, channel="roster")
    with pytest.raises(MoveNotAllowed, match="Names are sealed"):
        workflow.submit(row.pk)
