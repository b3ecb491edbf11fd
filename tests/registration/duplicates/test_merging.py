"""Two registrations of one person become one, or are kept apart; nothing is lost, and nobody is asked twice."""

import pytest
from django.urls import reverse

from registration import workflow
from registration.duplicates import find
from registration.models import (
    AccessKey,
    Answer,
    ChildRecord,
    LetterName,
    Likeness,
    OutgoingMail,
    Question,
    QuestionKind,
    Registration,
    RegistrationEvent,
    SeatOffer,
    Status,
)
from registration.workflow import MoveNotAllowed
from tests.factories import DelegationFactory, LetterFactory, MeetingFactory, RegistrationFactory, UserFactory
from tests.registration.test_races import at_once

pytestmark = pytest.mark.django_db
Action = RegistrationEvent.Action


@pytest.fixture
def by():
    return UserFactory()


@pytest.fixture
def pair():
    first = RegistrationFactory(display_name="Litia Waqanisau", phone="", email="litia@gov.example")
    second = RegistrationFactory(
        delegation__category__meeting=first.meeting,
        display_name="WAQANISAU Litia",
        phone="+679 321",
        email="litia@mail.example",
    )
    return likeness_of(first, second)


def likeness_of(first, second):
    return Likeness.objects.create(first=first, second=second, score=1, signals={"name": 1.0})


def merged(pair, by, *, keep=None, take=(), seen=None):
    seen = seen or workflow.as_seen(pair.first, pair.second)
    return workflow.merge(pair.pk, keep=keep or pair.first_id, take=take, seen=seen, by=by)


def fresh(registration):
    return Registration.objects.get(pk=registration.pk)


def test_one_is_kept_with_the_fields_chosen_and_the_other_points_at_it(pair, by):
    kept = merged(pair, by, take={"phone", "display_name"})
    other = fresh(pair.second)
    assert (kept.display_name, kept.phone, kept.email) == ("WAQANISAU Litia", "+679 321", "litia@gov.example")
    assert "waqanisau litia" in fresh(kept).search_key
    assert (other.status, other.merged_into) == (Status.WITHDRAWN, kept)
    assert other.display_name == "WAQANISAU Litia"
    assert Likeness.objects.get().state == Likeness.State.SAME


def test_either_of_the_two_can_be_kept(pair, by):
    kept = merged(pair, by, keep=pair.second_id)
    assert kept == pair.second
    assert fresh(pair.first).merged_into == pair.second


def test_both_histories_point_at_each_other(pair, by):
    merged(pair, by)
    notes = RegistrationEvent.objects.filter(action=Action.MERGED)
    assert {(e.registration_id, e.changes["registration"], e.by) for e in notes} == {
        (pair.first_id, pair.second.reference, by),
        (pair.second_id, pair.first.reference, by),
    }


def test_what_an_approved_one_takes_needs_no_second_decision(by, pair):
    Registration.objects.filter(pk=pair.first_id).update(status=Status.APPROVED)
    kept = merged(pair, by, take={"display_name"})
    assert (kept.display_name, kept.status) == ("WAQANISAU Litia", Status.APPROVED)
    assert not kept.proposals.exists()


def test_whoever_used_two_addresses_is_told_once_at_the_one_that_falls_away(pair, by):
    merged(pair, by)
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to) == ("merged", "litia@mail.example")
    assert pair.first.reference in mail.text
    assert "litia@gov.example" not in mail.text


def test_with_one_address_nobody_is_told_anything(pair, by):
    Registration.objects.filter(pk=pair.second_id).update(email="LITIA@gov.example")
    merged(pair, by)
    assert not OutgoingMail.objects.exists()


def test_letters_names_answers_and_children_come_along(pair, by):
    letter = LetterFactory(registration=pair.second)
    name = LetterName.objects.create(
        letter=letter, number=1, name="L. Waqanisau", pairing="matched", registration=pair.second
    )
    question = Question.objects.create(
        meeting=pair.first.meeting, key="meal", kind=QuestionKind.TEXT, label="Meal", purpose="Lunch"
    )
    Answer.objects.create(registration=pair.second, question=question, value="Fish")
    child = RegistrationFactory(
        delegation=pair.first.delegation, given_names="Participant Y100", display_name="Participant Y100",
        family_name="", functional_title="", email="", is_minor=True,
    )  # fmt: skip
    record = ChildRecord.objects.create(registration=child, legal_name="A", birth_date="1995-01-01")
    record.chaperones.add(pair.second)
    kept = merged(pair, by)
    letter.refresh_from_db()
    name.refresh_from_db()
    assert (letter.registration, letter.delegation) == (kept, kept.delegation)
    assert name.registration == kept
    assert kept.answers.get().value == "Fish"
    assert list(record.chaperones.all()) == [kept]


def test_what_the_kept_one_has_itself_stays(pair, by):
    letters = [LetterFactory(registration=r) for r in (pair.first, pair.second)]
    question = Question.objects.create(
        meeting=pair.first.meeting, key="meal", kind=QuestionKind.TEXT, label="Meal", purpose="Lunch"
    )
    Answer.objects.create(registration=pair.first, question=question, value="Rice")
    Answer.objects.create(registration=pair.second, question=question, value="Fish")
    kept = merged(pair, by)
    assert list(kept.letters.all()) == letters[:1]
    assert kept.answers.get().value == "Rice"
    assert pair.second.answers.get().value == "Fish"


def test_the_seat_of_the_other_is_offered_to_the_first_in_line(pair, by):
    second = pair.second
    second.delegation.quota = 1
    second.delegation.save()
    waiting = RegistrationFactory(delegation=second.delegation, status=Status.WAITLISTED)
    merged(pair, by)
    assert SeatOffer.objects.get().registration == waiting


def test_whoever_waits_under_one_and_has_a_seat_under_the_other_keeps_the_seat(by):
    seated = RegistrationFactory(delegation__quota=1)
    waits = RegistrationFactory(delegation=seated.delegation, status=Status.WAITLISTED)
    next_in_line = RegistrationFactory(delegation=seated.delegation, status=Status.WAITLISTED)
    kept = merged(likeness_of(seated, waits), by, keep=waits.pk)
    assert fresh(kept).status == Status.SUBMITTED
    assert fresh(next_in_line).status == Status.WAITLISTED
    assert not SeatOffer.objects.exists()


def test_what_has_changed_since_it_was_looked_at_is_not_merged(pair, by):
    seen = workflow.as_seen(pair.first, pair.second)
    workflow.edit(pair.first_id, {"phone": "1"}, by=by)
    with pytest.raises(MoveNotAllowed, match="Look at both once more"):
        merged(pair, by, seen=seen)
    assert fresh(pair.second).status == Status.SUBMITTED


def test_nobody_is_left_without_a_way_to_be_reached(by, pair):
    Registration.objects.filter(pk=pair.second_id).update(email="", on_behalf=True)
    pair.second.refresh_from_db()
    with pytest.raises(MoveNotAllowed):
        merged(pair, by, take={"email"})
    assert fresh(pair.second).merged_into is None


@pytest.mark.parametrize("status", [Status.REJECTED, Status.WITHDRAWN])
def test_only_who_comes_can_be_merged(pair, by, status):
    Registration.objects.filter(pk=pair.second_id).update(status=status, status_reason="No letter.")
    with pytest.raises(MoveNotAllowed, match="must be coming"):
        merged(pair, by)
    workflow.same_person(pair.pk, by=by)
    assert Likeness.objects.get().state == Likeness.State.SAME


def test_across_meetings_nothing_is_merged(by):
    pair = likeness_of(RegistrationFactory(), RegistrationFactory(delegation__category__meeting=MeetingFactory()))
    with pytest.raises(MoveNotAllowed, match="must be coming"):
        merged(pair, by)
    workflow.same_person(pair.pk, by=by)
    assert {fresh(r).status for r in (pair.first, pair.second)} == {Status.SUBMITTED}
    assert set(RegistrationEvent.objects.values_list("action", flat=True)) == {Action.SAME_PERSON}


def test_two_who_both_come_are_merged_and_not_only_called_the_same(pair, by):
    with pytest.raises(MoveNotAllowed, match="choose which one to keep"):
        workflow.same_person(pair.pk, by=by)


def test_kept_apart_is_written_into_both_histories_and_remembered(pair, by):
    workflow.keep_apart(pair.pk, by=by)
    assert RegistrationEvent.objects.filter(action=Action.KEPT_APART).count() == 2
    find.sweep()
    assert [p.state for p in Likeness.objects.all()] == [Likeness.State.APART]


def test_a_pair_decided_meanwhile_is_told_calmly(pair, by):
    workflow.keep_apart(pair.pk, by=by)
    with pytest.raises(MoveNotAllowed, match=f"{by} has decided this already: two persons"):
        merged(pair, by)
    with pytest.raises(MoveNotAllowed, match="Nothing was changed by you"):
        workflow.keep_apart(pair.pk, by=UserFactory())


def test_a_pair_that_was_corrected_away_is_told_calmly(pair, by):
    seen = workflow.as_seen(pair.first, pair.second)
    pk = pair.pk
    pair.delete()
    with pytest.raises(MoveNotAllowed, match="no longer alike"):
        workflow.merge(pk, keep=pair.first_id, take=(), seen=seen, by=by)


def test_whoever_was_merged_does_not_come_back(pair, by):
    merged(pair, by)
    with pytest.raises(MoveNotAllowed):
        workflow.come_back(pair.second_id, by=by)


def test_a_third_of_the_same_person_follows_to_the_one_that_stays(pair, by):
    third = RegistrationFactory(delegation=pair.first.delegation)
    merged(likeness_of(pair.second, third), by)
    pair.second.refresh_from_db()
    merged(pair, by)
    assert fresh(third).merged_into == pair.first


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_at_once_the_other_way_round_one_wins(monkeypatch):
    monkeypatch.setattr("registration.tasks.send_mail.delay", lambda *args: None)
    first = RegistrationFactory(delegation=DelegationFactory(quota=5))
    pair = likeness_of(first, RegistrationFactory(delegation=first.delegation))
    seen = workflow.as_seen(pair.first, pair.second)
    people = [UserFactory() for _ in range(4)]
    keeps = [pair.first_id, pair.second_id] * 2
    results = at_once(
        *[
            lambda k=k, u=u: workflow.merge(pair.pk, keep=k, take=(), seen=seen, by=u)
            for k, u in zip(keeps, people, strict=True)
        ]
    )
    refused = [r for r in results if isinstance(r, MoveNotAllowed)]
    assert len(refused) == 3
    assert sorted(Registration.objects.values_list("status", flat=True)) == [Status.SUBMITTED, Status.WITHDRAWN]


def test_the_page_of_the_one_that_falls_away_names_the_one_that_stays(client, pair, by):
    key = AccessKey.objects.issue(pair.second)
    merged(pair, by)
    page = client.get(reverse("private:page", args=[key])).content.decode()
    assert "Your two registrations are one now" in page
    assert pair.first.reference in page
    assert "litia@gov.example" not in page
