"""Seats on offer: in order, for a time, and never more than there are."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from meeting.models import AuditEntry
from registration import tasks, workflow
from registration.models import (
    Category,
    Delegation,
    DelegationEvent,
    OutgoingMail,
    Registration,
    RegistrationEvent,
    SeatOffer,
    Status,
)
from tests.factories import CategoryFactory, DelegationFactory, MeetingFactory, RegistrationFactory, UserFactory

pytestmark = pytest.mark.django_db
Action = RegistrationEvent.Action


@pytest.fixture
def organiser():
    return UserFactory(name="Suda P.")


def line_of(delegation, n):
    """`n` people who wait, first come first."""
    start = timezone.now() - datetime.timedelta(days=3)
    return [
        RegistrationFactory(
            delegation=delegation, status=Status.WAITLISTED, status_since=start + datetime.timedelta(hours=hour)
        )
        for hour in range(n)
    ]


def offered():
    return [offer.registration for offer in SeatOffer.objects.filter(state="open").order_by("pk")]


def mails(registration):
    return list(OutgoingMail.objects.filter(registration=registration).order_by("pk").values_list("kind", flat=True))


def let_it_pass():
    SeatOffer.objects.filter(state="open").update(expires_at=timezone.now() - datetime.timedelta(seconds=1))


@pytest.fixture
def full():
    """A delegation with one seat, taken."""
    return RegistrationFactory(delegation__category__meeting=MeetingFactory(seat_offer_hours=24), delegation__quota=1)


def test_an_offer_says_until_when_and_holds_the_seat(full):
    first, second = line_of(full.delegation, 2)
    workflow.withdraw(full.pk)
    offer = SeatOffer.objects.get()
    assert offer.registration == first
    assert abs(offer.expires_at - timezone.now() - datetime.timedelta(hours=24)) < datetime.timedelta(minutes=1)
    mail = OutgoingMail.objects.get(registration=first)
    assert mail.kind == "seat_offered"
    assert "It is kept for you until" in mail.text
    assert "Who must act next: You" in mail.text
    assert not workflow.seat_is_free(full.delegation)
    newcomer = RegistrationFactory(delegation=full.delegation, status=Status.DRAFT)
    assert workflow.submit(newcomer.pk).status == Status.WAITLISTED
    assert mails(second) == []


def test_taking_the_seat_sends_it_to_the_organisers(full):
    (me,) = line_of(full.delegation, 1)
    workflow.withdraw(full.pk)
    workflow.accept_offer(me.pk)
    me.refresh_from_db()
    assert (me.status, SeatOffer.objects.get().state) == (Status.SUBMITTED, "accepted")
    assert mails(me) == ["seat_offered", "submitted"]
    assert "You have taken the seat" in OutgoingMail.objects.latest("pk").text
    workflow.accept_offer(me.pk)
    assert mails(me) == ["seat_offered", "submitted"]


def test_leaving_it_offers_it_to_the_next_and_goes_to_the_end(full):
    first, second = line_of(full.delegation, 2)
    workflow.withdraw(full.pk)
    workflow.decline_offer(first.pk)
    assert offered() == [second]
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.status_since > second.status_since
    assert list(first.events.values_list("action", flat=True)) == [Action.OFFERED, Action.OFFER_ENDED]
    workflow.decline_offer(first.pk)
    assert offered() == [second]


def test_whoever_leaves_it_is_not_asked_again_at_once(full):
    (me,) = line_of(full.delegation, 1)
    workflow.withdraw(full.pk)
    workflow.decline_offer(me.pk)
    assert workflow.offer_what_is_free() == 0
    SeatOffer.objects.update(answered_at=timezone.now() - datetime.timedelta(hours=25))
    assert workflow.offer_what_is_free() == 1
    assert offered() == [me]


def test_an_offer_that_nobody_took_goes_to_the_next_and_both_are_told(full):
    first, second = line_of(full.delegation, 2)
    workflow.withdraw(full.pk)
    assert workflow.expire_offers() == 0
    let_it_pass()
    assert workflow.expire_offers() == 1
    assert offered() == [second]
    assert (mails(first), mails(second)) == (["seat_offered", "seat_offer_ended"], ["seat_offered"])
    assert workflow.expire_offers() == 0


def test_nobody_takes_a_seat_too_late(full):
    (me,) = line_of(full.delegation, 1)
    workflow.withdraw(full.pk)
    let_it_pass()
    with pytest.raises(workflow.MoveNotAllowed, match="the time was over"):
        workflow.accept_offer(me.pk)
    me.refresh_from_db()
    assert me.status == Status.WAITLISTED


def test_a_fault_with_one_does_not_keep_the_others_waiting(full, monkeypatch):
    other = RegistrationFactory(delegation__quota=1)
    for seated in (full, other):
        line_of(seated.delegation, 1)
        workflow.withdraw(seated.pk)
    let_it_pass()
    seats = workflow.seats
    real = seats._expire

    def fails_for_the_first(pk):
        if pk == SeatOffer.objects.order_by("pk")[0].registration_id:
            raise RuntimeError
        return real(pk)

    monkeypatch.setattr(seats, "_expire", fails_for_the_first)
    assert workflow.expire_offers() == 1


def test_withdrawing_while_a_seat_is_kept_passes_it_on(full):
    first, second = line_of(full.delegation, 2)
    workflow.withdraw(full.pk)
    workflow.withdraw(first.pk)
    assert offered() == [second]


def test_an_organiser_may_approve_whom_the_seat_is_kept_for_and_nobody_else(full, organiser):
    first, second = line_of(full.delegation, 2)
    workflow.withdraw(full.pk)
    with pytest.raises(workflow.MoveNotAllowed, match="no seat is free"):
        workflow.approve(second.pk, by=organiser)
    assert workflow.approve(first.pk, by=organiser).status == Status.APPROVED
    assert SeatOffer.objects.get().state == "accepted"


def test_a_seat_of_the_whole_category_goes_to_whoever_waited_longest_and_has_room():
    category = CategoryFactory(quota=2)
    crowded, roomy = DelegationFactory(category=category, quota=1), DelegationFactory(category=category)
    RegistrationFactory(delegation=crowded)
    leaving = RegistrationFactory(delegation=roomy)
    (blocked,) = line_of(crowded, 1)
    (second,) = line_of(roomy, 1)
    workflow.withdraw(leaving.pk)
    assert offered() == [second]
    blocked.refresh_from_db()
    assert blocked.status == Status.WAITLISTED


def test_whoever_waits_comes_before_whoever_comes_now(full):
    """A limit raised past the workflow is found by the next who comes, and the first in line gets the seat."""
    (waiting,) = line_of(full.delegation, 1)
    Delegation.objects.update(quota=2)
    newcomer = RegistrationFactory(delegation=full.delegation, status=Status.DRAFT)
    assert workflow.submit(newcomer.pk).status == Status.WAITLISTED
    assert offered() == [waiting]


def test_the_sweep_offers_what_no_move_has_seen(full):
    (waiting,) = line_of(full.delegation, 1)
    tasks.expire_offers()
    assert offered() == []
    Delegation.objects.update(quota=2)
    tasks.expire_offers()
    tasks.expire_offers()
    assert offered() == [waiting]


@pytest.mark.parametrize("n", [1, 3])
def test_the_sweep_costs_nothing_where_nobody_waits(full, n, django_assert_num_queries):
    RegistrationFactory.create_batch(n)
    with django_assert_num_queries(2):
        tasks.expire_offers()


@pytest.mark.parametrize("waiting", [1, 3])
def test_a_full_delegation_is_looked_at_once(waiting, django_assert_num_queries):
    category = CategoryFactory(quota=9)
    crowded = DelegationFactory(category=category, quota=1)
    RegistrationFactory(delegation=crowded)
    leaving = RegistrationFactory(delegation=DelegationFactory(category=category))
    line_of(crowded, waiting)
    leaving.refresh_from_db()
    with django_assert_num_queries(13), transaction.atomic():
        workflow.offer_free_seats(leaving.delegation)


# Raised, lowered, waived


def test_raising_offers_in_order(full, organiser):
    first, second, _third = line_of(full.delegation, 3)
    workflow.change_quota(full.delegation_id, seats=3, reason="A larger room.", by=organiser)
    assert offered() == [first, second]
    event = DelegationEvent.objects.get()
    assert (event.by, event.detail) == (organiser, {"was": 1, "now": 3, "reason": "A larger room."})


def test_lowering_drops_nobody(organiser):
    one = RegistrationFactory(delegation__quota=3, status=Status.APPROVED)
    RegistrationFactory(delegation=one.delegation)
    (waiting,) = line_of(one.delegation, 1)
    workflow.change_quota(one.delegation_id, seats=1, reason="A smaller room.", by=organiser)
    assert Registration.objects.seated().count() == 2
    assert offered() == []
    workflow.withdraw(one.pk)
    assert offered() == [], "two seats were taken and one may be"
    waiting.refresh_from_db()
    assert waiting.status == Status.WAITLISTED


def test_an_offer_that_was_made_stands_when_the_limit_is_lowered(full, organiser):
    (me,) = line_of(full.delegation, 1)
    workflow.withdraw(full.pk)
    workflow.change_quota(full.delegation_id, seats=0, reason="A smaller room.", by=organiser)
    assert workflow.accept_offer(me.pk).status == Status.SUBMITTED


def test_waiving_lifts_the_delegations_limit_and_not_the_categorys(organiser):
    category = CategoryFactory(quota=2)
    full = RegistrationFactory(delegation=DelegationFactory(category=category, quota=1))
    first, _second = line_of(full.delegation, 2)
    workflow.change_quota(full.delegation_id, seats=1, waived=True, reason="The host.", by=organiser)
    assert offered() == [first]
    assert DelegationEvent.objects.get().detail == {"was": 1, "now": None, "reason": "The host."}


@pytest.mark.parametrize("reason", ["", "   "])
def test_limits_change_with_a_reason_only(full, organiser, reason):
    with pytest.raises(workflow.MoveNotAllowed, match="Give a reason"):
        workflow.change_quota(full.delegation_id, seats=5, reason=reason, by=organiser)
    with pytest.raises(workflow.MoveNotAllowed, match="Give a reason"):
        workflow.change_category_quota(full.delegation.category_id, seats=5, reason=reason, by=organiser)
    assert Delegation.objects.get().quota == 1


def test_the_limit_of_a_category_is_raised_for_all_who_wait(organiser):
    category = CategoryFactory(quota=1)
    here, there = DelegationFactory(category=category), DelegationFactory(category=category)
    RegistrationFactory(delegation=here)
    (second,) = line_of(there, 1)
    RegistrationFactory(delegation=here, status=Status.WAITLISTED)
    workflow.change_category_quota(category.pk, seats=2, reason="A larger room.", by=organiser)
    assert offered() == [second]
    entry = AuditEntry.objects.get()
    assert (entry.about, entry.detail) == (category.code, {"was": 1, "now": 2, "reason": "A larger room."})


@pytest.mark.parametrize("seats", [None, 9])
def test_no_limit_any_more_offers_everybody_a_seat(organiser, seats):
    category = CategoryFactory(quota=1)
    RegistrationFactory(delegation=DelegationFactory(category=category))
    waiting = [*line_of(DelegationFactory(category=category), 2), *line_of(DelegationFactory(category=category), 1)]
    workflow.change_category_quota(category.pk, seats=seats, reason="A larger room.", by=organiser)
    assert set(offered()) == set(waiting)


def test_the_seats_of_each_delegation_are_raised_at_once(organiser):
    category = CategoryFactory(delegation_quota=1)
    waiting = []
    for _n in range(2):
        seated = RegistrationFactory(delegation=DelegationFactory(category=category))
        waiting += line_of(seated.delegation, 1)
    workflow.change_category_quota(category.pk, each=2, reason="A larger room.", by=organiser)
    assert set(offered()) == set(waiting)
    category.refresh_from_db()
    assert (category.quota, category.delegation_quota) == (None, 2)
    assert AuditEntry.objects.get().detail == {"each_was": 1, "each_now": 2, "reason": "A larger room."}


@pytest.mark.parametrize(("model", "field"), [(Delegation, "quota"), (Category, "quota")])
def test_there_are_no_fewer_than_no_seats(full, model, field):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**{field: -1})
