"""Who may be the same person: found by name, email and date of birth; asked once, and remembered."""

import datetime

import pytest

from registration.duplicates import find
from registration.models import Likeness, OutgoingMail, Status
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    MeetingFactory,
    RegistrationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
BORN = datetime.date(1970, 3, 4)


@pytest.fixture
def meeting():
    return MeetingFactory(
        previous=MeetingFactory(starts_on=datetime.date(2004, 9, 1), ends_on=datetime.date(2004, 9, 2))
    )


def person(meeting, name, **values):
    given, _, family = name.rpartition(" ")
    values = {"given_names": given, "family_name": family, "display_name": name} | values
    return RegistrationFactory(delegation__category__meeting=meeting, **values)


def pairs():
    return {(p.first_id, p.second_id) for p in Likeness.objects.all()}


def are_found(one, other):
    find.sweep()
    return (min(one.pk, other.pk), max(one.pk, other.pk)) in pairs()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Litia Waqanisau", "Waqanisau Litia"),
        ("Litia Waqanisau", "WAQANISAU Litia"),
        ("Litia Waqanisau", "Litia Wakanisau"),
        ("José Ramos-Horta", "Jose Ramos Horta"),
        ("Kim Jong-un", "Kim Jong Un"),
        ("Wang Xiaoming", "Wang Xiao Ming"),
        ("María de la Cruz", "Maria Cruz"),
        ("Nguyễn Thị Minh Khai", "Nguyen Thi Minh Khai"),
        ("Иван Петров", "Ivan Petrov"),
        ("Αλέξανδρος Παπαδόπουλος", "Alexandros Papadopoulos"),
        ("Dr. Somchai Jaidee", "Somchai Jaidee"),
        ("阿部 晋三", "阿部晋三"),
        ("Sukarno", "Sukarno"),
    ],
)
def test_two_spellings_of_one_name_are_found(meeting, one, other):
    assert are_found(person(meeting, one), person(meeting, other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyen Thi Lan", "Nguyen Thi Hoa"),
        ("Maria Santos", "Maria Fernandes"),
        ("Maria", "Maria Santos"),
        ("Mohammed Rashid", "Mohammed Karim"),
        ("Li Na", "Li Wei"),
    ],
)
def test_people_who_share_a_part_of_their_names_are_left_in_peace(meeting, one, other):
    assert not are_found(person(meeting, one), person(meeting, other))


def test_a_name_in_another_script_is_found_by_what_else_agrees(meeting):
    arabic = person(meeting, "محمد الراشد", birth_date=BORN)
    assert are_found(arabic, person(meeting, "Mohammed Al-Rashid", birth_date=BORN))


def test_two_emails_and_two_categories_hide_nobody(meeting):
    one = person(meeting, "Litia Waqanisau", email="litia@gov.example")
    other = person(meeting, "Litia Waqanisau", email="litia@mail.example")
    assert one.delegation.category != other.delegation.category
    assert are_found(one, other)
    assert Likeness.objects.get().signals == {"name": 1.0, "email": "other"}


def test_an_email_is_the_same_whatever_its_capitals(meeting):
    one = person(meeting, "L. Waqa", email="Litia@Gov.Example")
    assert are_found(one, person(meeting, "Litia Waqanisau", email="litia@gov.example"))
    assert Likeness.objects.get().signals["email"] == "same"


def test_a_mission_with_one_mailbox_is_no_pair(meeting):
    delegation = DelegationFactory(category=CategoryFactory(meeting=meeting))
    for name in ("Litia Waqanisau", "Jone Bale", "Mere Tuilagi"):
        person(meeting, name, delegation=delegation, email="mission@fiji.example")
    find.sweep()
    assert pairs() == set()


def test_namesakes_with_other_dates_of_birth_are_two_persons(meeting):
    one = person(meeting, "Maria Santos", birth_date=BORN)
    assert not are_found(one, person(meeting, "Maria Santos", birth_date=datetime.date(1984, 12, 30)))


def test_a_slip_in_the_date_of_birth_hides_nobody(meeting):
    one = person(meeting, "Maria Santos", birth_date=BORN)
    assert are_found(one, person(meeting, "Maria Santos", birth_date=datetime.date(1970, 4, 3)))


def test_twins_are_asked_about_only_when_their_names_are_alike(meeting):
    one = person(meeting, "Ana Tuilagi", birth_date=BORN)
    assert not are_found(one, person(meeting, "Sefo Tuilagi", birth_date=BORN))


def test_the_meeting_before_is_searched_and_no_other(meeting):
    before = person(meeting.previous, "Litia Waqanisau")
    elsewhere = person(MeetingFactory(), "Litia Waqanisau")
    now = person(meeting, "Litia Waqanisau")
    find.sweep()
    assert pairs() == {(before.pk, now.pk)}
    assert elsewhere.pk < now.pk


@pytest.mark.parametrize("values", [{"status": Status.DRAFT}, {"status": Status.WITHDRAWN}])
def test_drafts_and_whoever_has_withdrawn_are_not_compared(meeting, values):
    assert not are_found(person(meeting, "Litia Waqanisau"), person(meeting, "Litia Waqanisau", **values))


def test_children_are_never_compared_by_their_alias(meeting):
    nothing = {"family_name": "", "functional_title": "", "email": "", "is_minor": True}
    one, other = (
        RegistrationFactory(delegation__category__meeting=meeting, given_names=alias, display_name=alias, **nothing)
        for alias in ("Participant Y100", "Participant Y101")
    )
    assert not are_found(one, other)


def test_whoever_was_brought_from_last_time_is_known_to_be_the_same(meeting):
    before = person(meeting.previous, "Litia Waqanisau")
    assert not are_found(before, person(meeting, "Litia Waqanisau", brought_from=before))


@pytest.mark.parametrize("state", [Likeness.State.APART, Likeness.State.SAME])
def test_what_somebody_has_decided_is_never_asked_again(meeting, state):
    one, other = person(meeting, "Litia Waqanisau"), person(meeting, "Litia Waqanisau")
    assert are_found(one, other)
    Likeness.objects.update(state=state, decided_by=UserFactory())
    one.functional_title = "Minister"
    one.save()
    assert list(find.due()) == [one]
    find.sweep()
    assert [p.state for p in Likeness.objects.all()] == [state]


def test_a_correction_takes_back_an_open_question(meeting):
    one, other = person(meeting, "Litia Waqanisau"), person(meeting, "Litia Waqanisau")
    assert are_found(one, other)
    other.display_name, other.given_names, other.family_name = "Jone Bale", "Jone", "Bale"
    other.save()
    assert not are_found(one, other)


def test_each_is_compared_once_until_it_changes(meeting):
    person(meeting, "Litia Waqanisau")
    assert find.sweep() == 1
    assert find.sweep() == 0
    find.scan(meeting)
    assert find.sweep() == 1


def test_looking_at_one_gives_its_open_pairs(meeting):
    one, other = person(meeting, "Litia Waqanisau"), person(meeting, "Litia Waqanisau")
    assert [p.first_id for p in find.look_at(other.pk)] == [one.pk]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_batch_costs_the_same_number_of_queries(meeting, rows, django_assert_num_queries):
    for _ in range(rows):
        person(meeting, "Litia Waqanisau")
        person(meeting, "Litia Waqanisau")
    ids = list(find.due().values_list("pk", flat=True))
    with django_assert_num_queries(14):
        find.compare_these(ids)


@pytest.mark.parametrize(("waits", "compared"), [(False, 3), (True, 1)])
def test_the_sweep_gives_way_to_a_message_that_waits(monkeypatch, waits, compared):
    monkeypatch.setattr(find, "BATCH", 1)
    people = [RegistrationFactory() for _ in range(3)]
    if waits:
        OutgoingMail.objects.create(
            key="waits", meeting=people[0].meeting, kind="approved", to="a@example.org", language="en", subject="s",
            text="t", html="h",
        )  # fmt: skip
    assert find.sweep() == compared
