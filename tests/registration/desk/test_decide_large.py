"""The screen to decide beside a delegation of many: what it reads and shows does not grow with the delegation."""

import pytest
from django.urls import reverse

from meeting.models import Role
from registration.desk import person as desk_person
from registration.letters import reconcile
from registration.models import LetterName, Pairing, Registration, RoleInDelegation
from tests.factories import DelegationFactory, LetterFactory, RegistrationFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db
FEW = 4


@pytest.fixture
def delegation():
    return DelegationFactory()


@pytest.fixture
def me(client, delegation):
    client.force_login(StaffRoleFactory(meeting=delegation.meeting, role=Role.REVIEWER).user)
    RegistrationFactory(delegation=delegation, role=RoleInDelegation.HEAD, display_name="Anong Thongdee")
    return RegistrationFactory(delegation=delegation, display_name="Somphone Keovilay", role=RoleInDelegation.SUPPORT)


@pytest.fixture(autouse=True)
def many_is_more_than_a_few(monkeypatch):
    monkeypatch.setattr(reconcile, "LARGE", FEW)
    monkeypatch.setattr(desk_person, "MOST_MATES", FEW)
    monkeypatch.setattr(desk_person, "FIRST_MATES", 2)


def join(delegation, n, name="Malee Kaewkhao"):
    return RegistrationFactory.create_batch(n, delegation=delegation, display_name=name)


def letter_of(delegation, *names):
    letter = LetterFactory(registration=None, delegation=delegation, meeting=delegation.meeting)
    return [LetterName.objects.create(letter=letter, number=n, name=name) for n, name in enumerate(names, 1)]


def address(registration):
    return reverse("admin:desk:registration", args=[registration.meeting.slug, registration.reference])


def read(client, monkeypatch, url):
    """The page, and how many registrations were read for it."""
    made, from_db = [], Registration.from_db.__func__
    with monkeypatch.context() as patch:
        patch.setattr(Registration, "from_db", classmethod(lambda cls, *row: made.append(1) or from_db(cls, *row)))
        return client.get(url), len(made)


def test_of_few_the_whole_roster_is_shown_and_compared(client, delegation, me):
    letter_of(delegation, "Anong Thongdee", "Latsamy Phonvilai")
    response = client.get(address(me))
    text = response.content.decode()
    assert len(response.context["mates"]) == 2
    assert "The same name: " in text and "Named, not registered" in text
    assert "The whole roster" not in text and "names=all" not in text


def test_of_many_the_first_and_the_person_are_shown_with_the_way_to_all(client, delegation, me):
    join(delegation, FEW)
    response = client.get(address(me))
    text = response.content.decode()
    assert [mate.role_rank for mate in response.context["mates"]] == sorted(
        mate.role_rank for mate in response.context["mates"]
    )
    assert response.context["mates"][0].display_name == "Anong Thongdee" and len(response.context["mates"]) == 2
    assert "the first 2" in text
    whole = f"{reverse('admin:desk:people', args=[me.meeting.slug])}?category={delegation.category_id}&amp;entity="
    assert whole in text
    assert text.count("<bdi>Somphone Keovilay</bdi>") == 2 and '<span class="muted">…</span>' in text


def test_who_is_among_the_first_is_shown_once(client, delegation, me):
    join(delegation, FEW)
    head = Registration.objects.get(role=RoleInDelegation.HEAD)
    assert '<span class="muted">…</span>' not in client.get(address(head)).content.decode()


def test_of_many_open_names_are_compared_with_the_person_alone_and_nothing_untrue_is_said(client, delegation, me):
    join(delegation, FEW)
    letter_of(delegation, "Anong Thongdee", "Somphone Keovilai", "Latsamy Phonvilai")
    text = client.get(address(me)).content.decode()
    assert "Is this" in text and "The same name: " not in text
    assert text.count("Not matched yet") == 2
    assert "ot registered" not in text.split('class="mates"')[1] and "Named, not registered" not in text
    assert 'href="?names=all#letter"' in text


def test_whoever_asks_gets_the_comparison_with_everybody_and_keeps_it(client, delegation, me):
    join(delegation, FEW)
    letter_of(delegation, "Anong Thongdee", "Latsamy Phonvilai")
    text = client.get(address(me) + "?names=all").content.decode()
    assert "The same name: " in text and "Named, not registered" in text and "Not matched yet" not in text
    pairing = reverse("admin:desk:letter_pairing", args=[me.meeting.slug, delegation.reference])
    assert f'action="{pairing}?person={me.reference}&amp;names=all"' in text
    name = LetterName.objects.get(number=2)
    answer = client.post(f"{pairing}?person={me.reference}&names=all", {"absent": name.pk})
    assert answer.url == f"{address(me)}?names=all#letter"


def test_names_that_are_matched_stay_so_whoever_is_looked_at(client, delegation, me):
    other = join(delegation, FEW)[0]
    name, _open = letter_of(delegation, "Malee Kaewkhao", "Latsamy Phonvilai")
    LetterName.objects.filter(pk=name.pk).update(pairing=Pairing.MATCHED, registration=other)
    lines = client.get(address(me)).context["pane"].state.lines
    assert [line.kind for line in lines] == [reconcile.MATCHED, reconcile.NOT_COMPARED]


def test_a_larger_delegation_costs_no_more(client, delegation, me, monkeypatch, django_assert_num_queries):
    letter_of(delegation, "Anong Thongdee", "Somphone Keovilai")
    join(delegation, FEW)
    client.get(address(me))  # draws the letter, once
    _page, read_before = read(client, monkeypatch, address(me))
    join(delegation, 3 * FEW)
    with django_assert_num_queries(29):
        response, read_now = read(client, monkeypatch, address(me))
    assert read_now == read_before > 0
    assert len(response.context["pane"].state.roster) == 1
