"""Who opens a young person's file: those who look after the delegation that sent, today, and nobody else."""

import pytest
from django.core.files.storage import default_storage
from django.test import TestCase

from registration.focal import people
from registration.models import FocalPoint, MailedKey
from registration.safeguarding import intake
from tests.factories import CategoryFactory, DelegationFactory, UserFactory
from tests.registration.imports.sheets import HEADS, started, xlsx

from .conftest import BORN, LEGAL_NAME, row_of, typed

pytestmark = pytest.mark.django_db
CHILD = ["Zephyrine", "Quillabamba", "Pupil", "", BORN.isoformat()]


def file_of(record, name="about/"):
    row = row_of(record)
    return f"/ours/delegations/{row.delegation.reference}/children/{row.reference}/{name}"


def looks(client, user, address):
    client.post(f"/delegations/enter/{MailedKey.objects.issue(user=user)}/")
    return client.get(address)


def another(delegation, email="other@example.org", **values):
    user = UserFactory(is_staff=False, email=email)
    return FocalPoint.objects.create(delegation=delegation, user=user, **values).user


def test_who_is_removed_from_the_sending_delegation_opens_no_file_any_more(client, record, delegation, focal):
    other = another(delegation)
    assert looks(client, focal, file_of(record)).status_code == 200
    people.end(FocalPoint.objects.get(user=focal, delegation=delegation).pk, by=other)
    assert client.get(file_of(record)).status_code == 404
    # Nobody else had looked after the child: those who still look after the sender do now.
    assert LEGAL_NAME in looks(client, other, file_of(record)).content.decode()


def test_the_successor_takes_the_young_people_over(client, record, delegation, focal):
    people.hand_over(
        FocalPoint.objects.get(user=focal, delegation=delegation).pk, email="new@example.org", name="New", by=focal
    )
    successor = FocalPoint.objects.get(user__email="new@example.org", delegation=delegation).user
    assert looks(client, focal, file_of(record)).status_code == 404
    assert LEGAL_NAME in looks(client, successor, file_of(record)).content.decode()


def test_who_sends_for_another_delegation_of_the_entity_opens_only_their_own(client, record, delegation, meeting):
    """Typing a young person of one's own must not open the files that others of the entity have sent."""
    category = CategoryFactory(meeting=meeting, code="OBS")
    elsewhere = DelegationFactory(category=category, entity=delegation.entity)
    other = another(elsewhere)
    own = intake.take_in(typed(elsewhere, email="x@example.org"), legal_name="Own Child", birth_date=BORN, by=other)
    assert looks(client, other, file_of(own)).status_code == 200
    for name in ("", "about/"):
        assert client.get(file_of(record, name)).status_code == 404
    assert client.post(file_of(record, "move/"), {"move": "leave"}).status_code == 404


def test_where_nobody_looks_after_the_sender_the_file_is_for_those_of_the_childs_delegation(client, record, focal):
    there = another(row_of(record).delegation)
    assert looks(client, there, file_of(record)).status_code == 404
    FocalPoint.objects.filter(user=focal).delete()
    assert client.get(file_of(record)).status_code == 200


def test_a_file_that_waits_to_be_confirmed_is_forgotten_with_the_name(delegation, for_children, focal, client):
    """The file says no date of birth, so nobody could know: the row is typed, and then its date is."""
    heads, row = ["Family name", "Given names", "Functional title"], ["Quillabamba", "Zephyrine", "Pupil"]
    named, other = (started(delegation, xlsx([heads, r]), by=focal) for r in (row, ["Tora", "Ana", "Adviser"]))
    file = named.file.name
    with TestCase.captureOnCommitCallbacks(execute=True):
        intake.take_in(typed(delegation), legal_name=LEGAL_NAME, birth_date=BORN, by=focal)
    for job in (named, other):
        job.refresh_from_db()
    left = f"{named.reading}{named.original_name}{list(named.rows.values())}"
    assert "Quillabamba" not in left and "Zephyrine" not in left
    assert (named.state, bool(named.file), default_storage.exists(file)) == ("failed", False, False)
    assert (other.state, bool(other.file)) == ("looked_at", True)


def test_a_file_with_a_known_child_ties_no_name_to_the_alias(client, record, delegation, organiser):
    job = started(delegation, xlsx([HEADS, CHILD]), by=organiser)
    kept = job.rows.get()
    assert (kept.outcome, kept.registration, kept.cells) == ("unchanged", None, {})
    client.force_login(organiser)
    shown = client.get(f"/ours/delegations/{delegation.reference}/import/{job.token}/?show=unchanged").content.decode()
    assert "safeguarding lead" in shown
    assert row_of(record).reference not in shown and row_of(record).display_name not in shown


@pytest.mark.parametrize("name", ["", "what-to-do.xlsx"])
def test_a_file_that_names_a_child_is_for_those_who_send(client, delegation, for_children, focal, organiser, name):
    job = started(delegation, xlsx([HEADS, CHILD]), by=focal)
    address = f"/ours/delegations/{delegation.reference}/import/{job.token}/{name}"
    assert looks(client, focal, address).status_code == 200
    client.logout()
    client.force_login(organiser)
    assert client.get(address).status_code == 404


def test_who_does_not_send_a_child_takes_it_from_no_roster(client, whole, delegation, meeting):
    """A reason typed there would stand in histories and messages; and it is their file that says they leave."""
    there = another(row_of(whole).delegation)
    row = row_of(whole)
    client.post(f"/delegations/enter/{MailedKey.objects.issue(user=there)}/")
    address = f"/ours/delegations/{row.delegation.reference}/rows/{row.reference}/withdraw/"
    client.post(address, {"reason": LEGAL_NAME})
    assert row_of(whole).status == "submitted"


@pytest.fixture
def elsewhere(record, delegation, meeting):
    """Somebody of the entity's other delegation, and the young person whom they have sent."""
    other_delegation = DelegationFactory(
        category=CategoryFactory(meeting=meeting, code="OBS"), entity=delegation.entity
    )
    other = another(other_delegation)
    row = typed(other_delegation, email="x@example.org")
    return other, intake.take_in(row, legal_name="Own Child", birth_date=BORN, by=other)


@pytest.mark.parametrize("page", ["", "order/", "submit/"])
def test_a_focal_point_sees_aliases_and_states_of_their_own_only(client, record, elsewhere, organiser, page):
    other, own = elsewhere
    theirs, mine = row_of(record), row_of(own)
    assert theirs.delegation == mine.delegation
    address = f"/ours/delegations/{theirs.delegation.reference}/{page}"
    shown = looks(client, other, address).content.decode()
    assert (theirs.display_name in shown, theirs.reference in shown) == (False, False)
    assert mine.display_name in shown
    client.logout()
    client.force_login(organiser)
    shown = client.get(address).content.decode()
    assert theirs.display_name in shown and mine.display_name in shown


def test_nor_is_there_a_page_of_the_row(client, record, elsewhere):
    row = row_of(record)
    address = f"/ours/delegations/{row.delegation.reference}/rows/{row.reference}/"
    for name in ("", "substitute/", "withdraw/", "delete/"):
        assert looks(client, elsewhere[0], address + name).status_code == 404
    own = row_of(elsewhere[1])
    assert client.get(address.replace(row.reference, own.reference)).status_code == 302


def test_an_order_of_ones_own_keeps_the_others_in_the_roster(client, record, elsewhere):
    row, own = row_of(record), row_of(elsewhere[1])
    address = f"/ours/delegations/{row.delegation.reference}/order/"
    looks(client, elsewhere[0], address)
    client.post(address, {f"n-{own.reference}": "1", "seen": own.reference})
    assert (row_of(elsewhere[1]).precedence, row_of(record).precedence) == (1, 2)


@pytest.mark.parametrize("children", [1, 3])
def test_that_costs_no_query_for_each_of_them(
    client, record, delegation, focal, children, django_assert_max_num_queries
):
    for n in range(children):
        row = typed(delegation, email=f"{n}@example.org")
        intake.take_in(row, legal_name=f"Child {n}", birth_date=BORN, by=focal)
    address = f"/ours/delegations/{row_of(record).delegation.reference}/"
    looks(client, focal, address)
    with django_assert_max_num_queries(15):
        client.get(address)
