"""The desk's pages of possible duplicates: who opens them, what they show, what they do."""

import pytest
from django.urls import reverse

from meeting.models import Role
from registration.desk import person
from registration.duplicates import find, pairs
from registration.lists.filters import people_of
from registration.models import Likeness, Registration, Status
from registration.workflow import as_seen
from tests.factories import MeetingFactory, RegistrationFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory(previous=MeetingFactory(short_title="Meeting of 2004"))


@pytest.fixture
def reviewer(client, meeting):
    user = StaffRoleFactory(role=Role.REVIEWER, meeting=meeting).user
    client.force_login(user)
    return user


def pair_at(meeting, other=None, *, score=1.0, **values):
    first = RegistrationFactory(delegation__category__meeting=meeting, display_name="Litia Waqanisau", phone="111")
    values = {"display_name": "WAQANISAU Litia", "phone": "222"} | values
    second = RegistrationFactory(delegation__category__meeting=other or meeting, **values)
    return Likeness.objects.create(first=first, second=second, score=score, signals={"name": 1.0, "email": "other"})


def at(name, meeting, *args):
    return reverse(f"admin:desk:{name}", args=[meeting.slug, *args])


def answer(client, pair, **data):
    seen = as_seen(pair.first, pair.second)
    return client.post(at("duplicate_decide", pair.first.meeting, pair.pk), {"seen": seen, **data}, follow=True)


def test_the_list_shows_pairs_of_this_meeting_and_says_why(client, meeting, reviewer):
    pair_at(meeting)
    pair_at(MeetingFactory(), display_name="Somebody Elsewhere")
    page = client.get(at("duplicates", meeting)).content.decode()
    assert "WAQANISAU Litia" in page
    assert "Two emails" in page
    assert "Somebody Elsewhere" not in page


def test_a_pair_with_the_meeting_before_is_for_those_who_decide_at_both(client, meeting, reviewer):
    pair = pair_at(meeting, meeting.previous, display_name="Old Name")
    address = f"{at('duplicates', meeting)}?view=before"
    assert "Old Name" not in client.get(address).content.decode()
    assert client.get(at("duplicate", meeting, pair.pk)).status_code == 404
    assert pairs.open_for(pair.first, reviewer) == []
    StaffRoleFactory(role=Role.REVIEWER, meeting=meeting.previous, user=reviewer)
    assert "Old Name" in client.get(address).content.decode()
    page = client.get(at("duplicate", meeting, pair.pk)).content.decode()
    assert 'value="same"' in page
    assert 'value="merge"' not in page


def test_a_pair_elsewhere_is_not_there(client, meeting, reviewer):
    pair = pair_at(MeetingFactory())
    assert client.get(at("duplicate", meeting, pair.pk)).status_code == 404
    client.post(at("duplicate_decide", meeting, pair.pk), {"answer": "apart"})
    assert Likeness.objects.get().state == Likeness.State.OPEN


def test_whoever_has_withdrawn_leaves_the_list(client, meeting, reviewer):
    pair = pair_at(meeting)
    Registration.objects.filter(pk=pair.second_id).update(status=Status.WITHDRAWN)
    assert "seems to be registered twice" in client.get(at("duplicates", meeting)).content.decode()


def test_merging_takes_the_fields_that_were_chosen_and_opens_the_next(client, meeting, reviewer):
    pair, following = pair_at(meeting), pair_at(meeting, score=0.8)
    page = answer(client, pair, answer="merge", keep="first", from_phone="second", from_display_name="first")
    kept = Registration.objects.get(pk=pair.first_id)
    assert (kept.display_name, kept.phone) == ("Litia Waqanisau", "222")
    assert Registration.objects.get(pk=pair.second_id).merged_into == kept
    assert page.redirect_chain == [(at("duplicate", meeting, following.pk), 302)]


def test_keeping_apart_takes_one_press(client, meeting, reviewer):
    page = answer(client, pair_at(meeting), answer="apart")
    assert Likeness.objects.get().state == Likeness.State.APART
    assert "are two persons" in page.content.decode()


@pytest.mark.parametrize("data", [{}, {"answer": "delete"}, {"answer": "merge", "keep": "third"}, {"answer": "merge"}])
def test_an_answer_nobody_understands_changes_nothing(client, meeting, reviewer, data):
    answer(client, pair_at(meeting), **data)
    assert Likeness.objects.get().state == Likeness.State.OPEN
    assert not Registration.objects.filter(status=Status.WITHDRAWN).exists()


def test_the_second_of_two_is_told_who_decided(client, meeting, reviewer):
    pair = pair_at(meeting)
    answer(client, pair, answer="apart")
    page = answer(client, pair, answer="merge", keep="first").content.decode()
    assert "has decided this already" in page
    assert "Nothing was changed by you" in page


def test_comparing_again_makes_everybody_due(client, meeting, reviewer):
    RegistrationFactory(delegation__category__meeting=meeting)
    find.sweep()
    assert "still to be compared" in client.post(at("duplicates_again", meeting), follow=True).content.decode()
    assert find.due().count() == 1


def test_the_screen_to_decide_leads_to_both(meeting, reviewer):
    pair = pair_at(meeting)
    found = person.checks(
        pair.first, people_of(meeting, reviewer), letters=None, compared=pairs.about(pair.first, reviewer)
    )
    assert [p for check in found for p in check.pairs] == [(pair, pair.second)]


def test_what_was_kept_apart_is_no_longer_mentioned(meeting, reviewer):
    pair = pair_at(meeting, display_name="Litia Waqanisau")
    Likeness.objects.update(state=Likeness.State.APART, decided_by=reviewer)
    for compared in (pairs.about(pair.first, reviewer), None):
        found = person.checks(pair.first, people_of(meeting, reviewer), letters=None, compared=compared)
        assert all(check.is_fine for check in found)


def test_people_without_an_email_are_not_all_the_same(meeting, reviewer):
    one = RegistrationFactory(delegation__category__meeting=meeting, email="", on_behalf=True)
    RegistrationFactory(delegation__category__meeting=meeting, email="", on_behalf=True, display_name="Jone Bale")
    assert person.twins(one, people_of(meeting, reviewer)) == []


def test_pages_follow_each_other_without_gap_or_double(client, meeting, reviewer, monkeypatch):
    monkeypatch.setattr("registration.desk.duplicates.PAGE", 2)
    wanted = [pair_at(meeting, score=score).pk for score in (0.9, 0.9, 0.9, 0.8, 0.8)]
    seen, address = [], at("duplicates", meeting)
    while address:
        context = client.get(address).context
        seen += [pair.pk for pair, _why in context["rows"]]
        address = f"{at('duplicates', meeting)}?after={context['following']}" if context["following"] else ""
    assert seen == wanted


@pytest.mark.parametrize("rows", [1, 3])
def test_list_query_count(client, meeting, reviewer, rows, django_assert_num_queries):
    for _ in range(rows):
        pair_at(meeting)
    with django_assert_num_queries(8):
        client.get(at("duplicates", meeting))


@pytest.mark.parametrize("rows", [1, 3])
def test_side_by_side_query_count(client, meeting, reviewer, rows, django_assert_num_queries):
    pair, *_others = [pair_at(meeting) for _ in range(rows)]
    for _ in range(rows):
        pair.first.events.create(from_status="draft", to_status="submitted")
    with django_assert_num_queries(12):
        client.get(at("duplicate", meeting, pair.pk))
