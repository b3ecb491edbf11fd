"""Two connections at once, on real PostgreSQL: one wins, and nothing happens twice."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from registration import workflow
from registration.models import ChangeProposal, OutgoingMail, Registration, RegistrationEvent, SeatOffer, Status
from tests.factories import CategoryFactory, DelegationFactory, RegistrationFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
RUNNERS = 6


def at_once(*calls):
    """Run every call on a connection of its own, all released together; results or exceptions in order."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    """Publishing is not the matter here."""
    monkeypatch.setattr("registration.tasks.send_mail.delay", lambda *args: None)


def test_submitting_a_draft_at_once_makes_one_registration_and_one_mail():
    draft = RegistrationFactory(status=Status.DRAFT)
    results = at_once(*[lambda: workflow.submit(draft.pk)] * RUNNERS)
    assert [r.status for r in results] == [Status.SUBMITTED] * RUNNERS
    assert RegistrationEvent.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_approving_at_once_one_reviewer_wins_and_the_others_are_told():
    registration = RegistrationFactory()
    reviewers = [UserFactory() for _ in range(RUNNERS)]
    results = at_once(*[lambda r=r: workflow.approve(registration.pk, by=r) for r in reviewers])
    refusals = [r for r in results if isinstance(r, workflow.MoveNotAllowed)]
    assert len(refusals) == RUNNERS - 1
    assert all("approved already" in str(r) for r in refusals)
    assert OutgoingMail.objects.count() == 1
    assert RegistrationEvent.objects.count() == 1


@pytest.mark.parametrize("limit", ["delegation__quota", "delegation__category__quota"])
def test_the_last_seat_goes_to_one(limit):
    first = RegistrationFactory(status=Status.DRAFT, **{limit: 1})
    drafts = [first, *RegistrationFactory.create_batch(RUNNERS - 1, status=Status.DRAFT, delegation=first.delegation)]
    at_once(*[lambda d=d: workflow.submit(d.pk) for d in drafts])
    statuses = sorted(Registration.objects.values_list("status", flat=True))
    assert statuses == [Status.SUBMITTED] + [Status.WAITLISTED] * (RUNNERS - 1)


def test_a_seat_freed_while_others_join_the_line_is_not_lost():
    seated = RegistrationFactory(delegation__quota=1)
    draft = RegistrationFactory(status=Status.DRAFT, delegation=seated.delegation)
    by = UserFactory()
    at_once(lambda: workflow.submit(draft.pk), lambda: workflow.reject(seated.pk, by=by, reason="No letter."))
    draft.refresh_from_db()
    # Either the seat was free already, or it is offered to who has just joined the line.
    offered = SeatOffer.objects.filter(registration=draft, state=SeatOffer.State.OPEN).exists()
    assert draft.status == Status.SUBMITTED or (draft.status == Status.WAITLISTED and offered)


def faults(results):
    """What ended neither well nor with a sentence: a deadlock, a broken constraint."""
    return [r for r in results if isinstance(r, Exception) and not isinstance(r, workflow.MoveNotAllowed)]


def held(delegation):
    """Seats taken or kept."""
    kept = SeatOffer.objects.filter(state=SeatOffer.State.OPEN, registration__delegation=delegation).count()
    return Registration.objects.seated().filter(delegation=delegation).count() + kept


@pytest.fixture(params=["delegation__quota", "delegation__category__quota"])
def full(request):
    """One seat, taken, and somebody who waits."""
    seated = RegistrationFactory(**{request.param: 1})
    seated.waiting = RegistrationFactory(delegation=seated.delegation, status=Status.WAITLISTED)
    return seated


def test_a_freed_seat_is_offered_once_however_many_free_and_join(full):
    drafts = RegistrationFactory.create_batch(3, status=Status.DRAFT, delegation=full.delegation)
    calls = [lambda: workflow.withdraw(full.pk), *[lambda d=d: workflow.submit(d.pk) for d in drafts]]
    assert faults(at_once(*calls)) == []
    assert held(full.delegation) == 1
    assert SeatOffer.objects.get().registration == full.waiting


def test_taking_a_seat_and_letting_it_pass_at_once_has_one_end(full):
    workflow.withdraw(full.pk)
    soon = timezone.now() + datetime.timedelta(milliseconds=30)
    SeatOffer.objects.update(expires_at=soon)
    me = full.waiting
    calls = [lambda: workflow.accept_offer(me.pk), workflow.expire_offers, lambda: workflow.decline_offer(me.pk)]
    assert faults(at_once(*calls, workflow.expire_offers)) == []
    me.refresh_from_db()
    offer = SeatOffer.objects.order_by("pk").first()
    assert (me.status == Status.SUBMITTED) == (offer.state == "accepted")
    assert held(full.delegation) <= 1


def test_sweeps_at_once_offer_a_seat_once(full):
    SeatOffer.objects.all().delete()
    Registration.objects.filter(pk=full.pk).update(status=Status.REJECTED, status_reason="No letter.")
    RegistrationFactory.create_batch(2, delegation=full.delegation, status=Status.WAITLISTED)
    assert faults(at_once(*[workflow.offer_what_is_free] * 4)) == []
    assert SeatOffer.objects.get().registration == full.waiting


def test_withdrawing_and_approving_at_once_leaves_one_state_and_no_lost_seat(full):
    by = UserFactory()
    results = at_once(lambda: workflow.withdraw(full.pk), lambda: workflow.approve(full.pk, by=by))
    assert faults(results) == []
    full.refresh_from_db()
    assert full.status == Status.WITHDRAWN, "withdrawn before, approval is refused; withdrawn after, it is undone"
    assert SeatOffer.objects.get().registration == full.waiting
    assert held(full.delegation) == 1


def test_replacing_and_approving_at_once_keeps_one_seat(full):
    by = UserFactory()
    new = Registration(given_names="Ana", display_name="Ana", functional_title="Director", email="a@b.org", role="head")
    results = at_once(lambda: workflow.substitute(full.pk, new, by=by), lambda: workflow.approve(full.pk, by=by))
    assert faults(results) == []
    assert held(full.delegation) == 1
    assert Registration.objects.get(replaces=full).status == Status.SUBMITTED


def test_replacing_the_same_person_twice_at_once_brings_one():
    old, by = RegistrationFactory(), UserFactory()

    def newcomer():
        person = Registration(given_names="A", display_name="A", functional_title="D", email="a@b.org", role="head")
        return workflow.substitute(old.pk, person, by=by)

    results = at_once(*[newcomer] * 4)
    assert faults(results) == []
    assert Registration.objects.filter(replaces=old).count() == 1


def test_two_edits_of_one_field_at_once_lose_no_word():
    me = RegistrationFactory(phone="1")
    seen = {"phone": "1"}
    results = at_once(*[lambda n=n: workflow.edit(me.pk, {"phone": str(n)}, by=None, seen=seen) for n in range(2, 6)])
    refused = [r for r in results if isinstance(r, workflow.Conflict)]
    assert (len(refused), faults(results)) == (3, [])
    me.refresh_from_db()
    assert {r.theirs["phone"] for r in refused} == {me.phone}
    assert me.events.count() == 1


def test_wishes_at_once_are_one_proposal():
    me = RegistrationFactory(status=Status.APPROVED)
    wishes = [{"role": "head"}, {"family_name": "Tora"}, {"given_names": "Ana"}]
    assert faults(at_once(*[lambda w=w: workflow.edit(me.pk, w, by=None) for w in wishes])) == []
    assert set(ChangeProposal.objects.get().changes) == {"role", "family_name", "given_names"}


def test_deciding_and_taking_back_at_once_has_one_end():
    me, by = RegistrationFactory(status=Status.APPROVED, role="adviser"), UserFactory()
    workflow.edit(me.pk, {"role": "head"}, by=None)
    wish = ChangeProposal.objects.get()
    results = at_once(
        lambda: workflow.accept_proposal(wish.pk, by=by),
        lambda: workflow.decline_proposal(wish.pk, by=by, reason="No."),
        lambda: workflow.withdraw_proposal(wish.pk, by=None),
        lambda: workflow.withdraw(me.pk),
    )
    assert faults(results) == []
    wish.refresh_from_db()
    me.refresh_from_db()
    assert (me.role == "head") == (wish.state == "accepted")


def test_changing_the_limit_while_others_come_overbooks_nothing(full):
    by = UserFactory()
    drafts = RegistrationFactory.create_batch(3, status=Status.DRAFT, delegation=full.delegation)
    limit = (
        (lambda: workflow.change_quota(full.delegation_id, seats=2, reason="A larger room.", by=by))
        if full.delegation.quota
        else (lambda: workflow.change_category_quota(full.delegation.category_id, seats=2, reason="Larger.", by=by))
    )
    assert faults(at_once(limit, *[lambda d=d: workflow.submit(d.pk) for d in drafts])) == []
    assert held(full.delegation) == 2
    assert SeatOffer.objects.get().registration == full.waiting, "who waited comes first"


def test_two_who_change_places_between_categories_do_not_wait_for_each_other():
    one = CategoryFactory(quota=5)
    other = CategoryFactory(meeting=one.meeting, quota=5)
    first = RegistrationFactory(delegation=DelegationFactory(category=one, quota=3))
    second = RegistrationFactory(delegation=DelegationFactory(category=other, entity=first.delegation.entity, quota=3))
    for there, back in [(other, one), (one, other), (other, one)]:
        results = at_once(
            lambda c=there: workflow.edit(first.pk, {"category": c}, by=None),
            lambda c=back: workflow.edit(second.pk, {"category": c}, by=None),
        )
        assert faults(results) == []


def test_seats_that_many_leave_at_once_are_each_offered_once():
    category = CategoryFactory(quota=4)
    delegations = [DelegationFactory(category=category, quota=2) for _n in range(2)]
    seated = [RegistrationFactory(delegation=d) for d in delegations for _n in range(2)]
    for delegation in delegations:
        RegistrationFactory.create_batch(3, delegation=delegation, status=Status.WAITLISTED)
    assert faults(at_once(*[lambda r=r: workflow.withdraw(r.pk) for r in seated])) == []
    assert SeatOffer.objects.count() == 4
    assert [held(d) for d in delegations] == [2, 2]
