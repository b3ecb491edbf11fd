"""A slip mails nobody: what is undone is as it was, and nobody outside hears of it."""

import datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from meeting.models import Role
from registration import workflow
from registration.mail import outbox
from registration.models import (
    ChangeProposal,
    ChildRecord,
    MailState,
    OutgoingMail,
    Registration,
    RegistrationEvent,
    SeatOffer,
    Status,
)
from tests.factories import (
    CategoryFactory,
    ChildFactory,
    ChildRecordFactory,
    DelegationFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
)
from tests.registration.test_races import at_once, faults

pytestmark = pytest.mark.django_db
Action = RegistrationEvent.Action
KEPT = (
    "status", "status_since", "status_reason", "returned_fields", "kept_waiting", "first_approved_by_id",
    "first_approved_at", "quiet_until", "quiet_status",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr("registration.mail.broker.publisher.send_mail", lambda pk: None)


@pytest.fixture
def meeting():
    return MeetingFactory(decision_grace_minutes=5)


@pytest.fixture
def suda(meeting):
    return StaffRoleFactory(meeting=meeting, role=Role.REVIEWER, user__name="Suda P.").user


@pytest.fixture
def anan(meeting):
    return StaffRoleFactory(meeting=meeting, role=Role.REVIEWER, user__name="Anan K.").user


def came(meeting, status=Status.SUBMITTED, *, two=False, quota=None, **values):
    category = CategoryFactory(meeting=meeting, two_approvals=two)
    return RegistrationFactory(delegation__category=category, delegation__quota=quota, status=status, **values)


def again(registration):
    return Registration.objects.get(pk=registration.pk)


def state(registration):
    now = again(registration)
    return {name: getattr(now, name) for name in KEPT}


def undo(registration, by):
    return workflow.undo(registration.pk, event=workflow.can_be_undone(again(registration)).pk, by=by)


def time_passes(registration):
    """The minutes are over: for the registration, and for what waits to be sent."""
    past = timezone.now() - datetime.timedelta(seconds=1)
    Registration.objects.filter(pk=registration.pk).update(quiet_until=past)
    registration.outgoing_mails.update(not_before=past)


DECISIONS = {
    "approve": lambda r, by: workflow.approve(r.pk, by=by),
    "reject": lambda r, by: workflow.reject(r.pk, by=by, reason="No letter."),
    "return": lambda r, by: workflow.return_for_correction(r.pk, by=by, reason="Letter.", fields=["letter"]),
    "waitlist": lambda r, by: workflow.put_on_waiting_list(r.pk, by=by, reason="Many."),
    "withdraw": lambda r, by: workflow.withdraw(r.pk, by=by, reason="They rang.", quietly=True),
    "un_approve": lambda r, by: workflow.un_approve(r.pk, by=by, reason="A slip."),
}
CASES = [
    ("approve", Status.SUBMITTED, {}),
    ("approve", Status.WAITLISTED, {"kept_waiting": True}),
    ("reject", Status.SUBMITTED, {}),
    ("reject", Status.RETURNED, {"returned_fields": ["letter"], "status_reason": "Your letter."}),
    ("reject", Status.WAITLISTED, {"kept_waiting": True, "status_reason": "Many."}),
    ("return", Status.SUBMITTED, {}),
    ("waitlist", Status.SUBMITTED, {}),
    ("waitlist", Status.RETURNED, {"returned_fields": ["letter"], "status_reason": "Your letter."}),
    ("withdraw", Status.APPROVED, {}),
    ("withdraw", Status.WAITLISTED, {}),
    ("un_approve", Status.APPROVED, {}),
]


@pytest.mark.parametrize(("decision", "status", "values"), CASES)
def test_undone_everything_is_as_it_was_and_nothing_leaves(meeting, suda, decision, status, values):
    one = came(meeting, status, **values)
    before = state(one)
    DECISIONS[decision](one, suda)
    mail = one.outgoing_mails.get()
    assert (mail.state, mail.not_before) == (MailState.QUEUED, again(one).quiet_until)
    assert again(one).told_status == status
    undo(one, suda)
    assert state(one) == before
    mail.refresh_from_db()
    assert mail.state == MailState.CANCELLED
    assert outbox.sweep() == 0
    assert list(one.events.values_list("action", flat=True)) == [Action.MOVED, Action.UNDONE]


def test_the_first_word_is_undone_and_the_second_leaves_the_first(meeting, suda, anan):
    one = came(meeting, two=True)
    workflow.approve(one.pk, by=suda)
    undo(one, suda)
    assert again(one).first_approved_by is None
    workflow.approve(one.pk, by=suda)
    workflow.approve(one.pk, by=anan)
    undo(one, suda)
    assert (again(one).status, again(one).first_approved_by) == (Status.SUBMITTED, suda)
    workflow.approve(one.pk, by=anan)
    assert again(one).status == Status.APPROVED


def test_without_time_to_undo_everything_leaves_at_once(suda):
    one = came(MeetingFactory(decision_grace_minutes=0))
    workflow.approve(one.pk, by=suda)
    assert again(one).quiet_until is None and workflow.can_be_undone(again(one)) is None
    assert one.outgoing_mails.get().not_before <= timezone.now()
    with pytest.raises(workflow.MoveNotAllowed):
        workflow.undo(one.pk, event=one.events.get().pk, by=suda)


# The seat


@pytest.mark.parametrize("decision", ["reject", "waitlist", "withdraw"])
def test_nobody_gets_the_seat_while_it_can_be_undone_and_the_next_in_line_after_it(meeting, suda, decision):
    one = came(meeting, quota=1)
    waiting = RegistrationFactory(delegation=one.delegation, status=Status.WAITLISTED)
    draft = RegistrationFactory(delegation=one.delegation, status=Status.DRAFT)
    DECISIONS[decision](one, suda)
    workflow.offer_what_is_free()
    workflow.submit(draft.pk)
    assert not SeatOffer.objects.exists() and again(draft).status == Status.WAITLISTED
    with pytest.raises(workflow.MoveNotAllowed, match="no seat is free"):
        workflow.approve(waiting.pk, by=suda)
    time_passes(one)
    workflow.offer_what_is_free()
    assert SeatOffer.objects.get().registration == waiting


def test_whoever_is_put_back_has_the_seat_again(meeting, suda):
    one = came(meeting, quota=1)
    RegistrationFactory(delegation=one.delegation, status=Status.WAITLISTED)
    DECISIONS["reject"](one, suda)
    undo(one, suda)
    workflow.offer_what_is_free()
    assert not SeatOffer.objects.exists()
    assert workflow.seats_used([one.delegation_id]) == {one.delegation_id: 1}


def offered(one, **values):
    soon = timezone.now() + datetime.timedelta(hours=1)
    return SeatOffer.objects.create(registration=one, **{"expires_at": soon} | values)


@pytest.mark.parametrize("decision", ["approve", "reject", "withdraw"])
def test_a_seat_on_offer_is_on_offer_again(meeting, suda, decision):
    one = came(meeting, Status.WAITLISTED, quota=1)
    offer = offered(one)
    DECISIONS[decision](one, suda)
    undo(one, suda)
    offer.refresh_from_db()
    assert (offer.state, offer.answered_at) == (SeatOffer.State.OPEN, None)
    assert not OutgoingMail.objects.filter(kind="seat_offered").exists(), "they know of it"


def test_an_offer_whose_time_is_over_goes_to_the_next(meeting, suda):
    one = came(meeting, Status.WAITLISTED, quota=1)
    offer = offered(one)
    DECISIONS["approve"](one, suda)
    past = timezone.now() - datetime.timedelta(seconds=1)
    SeatOffer.objects.filter(pk=offer.pk).update(expires_at=past)
    undo(one, suda)
    offer.refresh_from_db()
    assert offer.state == SeatOffer.State.ACCEPTED
    assert SeatOffer.objects.filter(state=SeatOffer.State.OPEN).count() == 1, "offered anew, to the first in line"


def test_the_change_that_was_asked_for_waits_again(meeting, suda):
    one = came(meeting, Status.APPROVED)
    asked = one.proposals.create(changes={"role": ["adviser", "head"]}, by=None)
    DECISIONS["withdraw"](one, suda)
    asked.refresh_from_db()
    assert asked.state == ChangeProposal.State.WITHDRAWN
    undo(one, suda)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by, asked.decided_at) == (ChangeProposal.State.OPEN, None, None)


# What can no more be undone


def test_not_after_its_time(meeting, suda):
    one = came(meeting)
    workflow.approve(one.pk, by=suda)
    event = one.events.get()
    time_passes(one)
    assert workflow.can_be_undone(again(one)) is None
    with pytest.raises(workflow.MoveNotAllowed, match="can no more be undone"):
        workflow.undo(one.pk, event=event.pk, by=suda)
    assert again(one).status == Status.APPROVED


def test_not_after_another_move_nor_twice(meeting, suda, anan):
    one = came(meeting)
    workflow.approve(one.pk, by=suda)
    event = one.events.get()
    workflow.withdraw(one.pk, by=anan, quietly=True)
    with pytest.raises(workflow.MoveNotAllowed, match="somebody has decided since"):
        workflow.undo(one.pk, event=event.pk, by=suda)
    undo(one, anan)
    assert again(one).status == Status.APPROVED
    with pytest.raises(workflow.MoveNotAllowed):
        workflow.undo(one.pk, event=event.pk, by=suda)


@pytest.mark.parametrize("mail_state", [MailState.SENDING, MailState.STUCK, MailState.FAILED])
def test_not_when_a_message_has_left(meeting, suda, mail_state):
    one = came(meeting)
    workflow.approve(one.pk, by=suda)
    one.outgoing_mails.update(state=mail_state)
    with pytest.raises(workflow.MoveNotAllowed, match="on its way already"):
        undo(one, suda)
    assert again(one).status == Status.APPROVED


def test_a_later_move_stops_what_waits_to_tell_of_the_earlier_one(meeting, suda):
    one = came(meeting)
    workflow.approve(one.pk, by=suda)
    DECISIONS["withdraw"](one, suda)
    assert list(one.outgoing_mails.order_by("pk").values_list("kind", "state")) == [
        ("approved", "cancelled"),
        ("withdrawn", "queued"),
    ]
    assert again(one).told_status == Status.SUBMITTED, "they know of neither"


def test_what_two_quiet_decisions_hide_is_what_was_known_before_both(meeting, suda):
    one = came(meeting, Status.RETURNED, returned_fields=["letter"], status_reason="Your letter.")
    DECISIONS["waitlist"](one, suda)
    DECISIONS["reject"](one, suda)
    told = one.events.last().before["told"]
    assert (told["status"], told["reason"], told["fields"]) == ("returned", "Your letter.", ["letter"])


# Whoever withdraws meanwhile


@pytest.mark.parametrize("decision", ["approve", "reject", "return", "waitlist", "withdraw"])
def test_the_delegate_withdraws_whatever_was_decided_quietly(meeting, suda, decision):
    one = came(meeting, quota=1)
    waiting = RegistrationFactory(delegation=one.delegation, status=Status.WAITLISTED)
    DECISIONS[decision](one, suda)
    workflow.withdraw(one.pk)
    now = again(one)
    assert (now.status, now.quiet_until, now.told_status) == (Status.WITHDRAWN, None, Status.WITHDRAWN)
    sent = dict(one.outgoing_mails.exclude(state="cancelled").values_list("kind", "state"))
    assert sent == {"withdrawn": "queued"}
    assert SeatOffer.objects.get().registration == waiting
    with pytest.raises(workflow.MoveNotAllowed):
        workflow.undo(one.pk, event=one.events.first().pk, by=suda)


@pytest.mark.parametrize("decision", ["approve", "reject", "return", "waitlist"])
def test_other_acts_from_outside_are_refused_without_a_word_on_the_decision(meeting, suda, decision):
    one = came(meeting)
    DECISIONS[decision](one, suda)
    for act in (
        lambda: workflow.edit(one.pk, {"phone": "+66 2"}, by=None),
        lambda: workflow.resubmit(one.pk),
        lambda: workflow.come_back(one.pk),
        lambda: workflow.endorse(one.pk, by=suda),
        lambda: workflow.accept_offer(one.pk),
        lambda: workflow.decline_offer(one.pk),
        lambda: workflow.substitute(
            one.pk, RegistrationFactory.build(meeting=one.meeting, delegation=one.delegation), by=None
        ),
    ):
        with pytest.raises(workflow.MoveNotAllowed, match="try again in a few minutes") as refused:
            act()
        assert not any(word in str(refused.value).lower() for word in ("approved", "reject", "return", "waitlist"))


def test_the_file_of_a_child_is_open_again_and_only_the_lead_undoes(meeting, suda):
    lead = StaffRoleFactory(meeting=meeting, role=Role.SAFEGUARDING).user
    child = ChildFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)))
    record = ChildRecordFactory(
        registration=child, state=ChildRecord.State.CLEARED, decided_by=lead, decided_at=timezone.now()
    )
    workflow.approve(child.pk, by=lead)
    with pytest.raises(workflow.MoveNotAllowed, match="under 18"):
        undo(child, suda)
    undo(child, lead)
    record.refresh_from_db()
    assert (again(child).status, record.state) == (Status.SUBMITTED, ChildRecord.State.OPEN)


# Two at once, each on a connection of its own


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_one_wins_and_the_other_is_told_by_whom(meeting, suda, anan):
    one = came(meeting)
    results = at_once(
        lambda: workflow.approve(one.pk, by=suda), lambda: workflow.reject(one.pk, by=anan, reason="No letter.")
    )
    (refused,) = [r for r in results if isinstance(r, workflow.MoveNotAllowed)]
    winner = "Suda P." if again(one).status == Status.APPROVED else "Anan K."
    assert winner in str(refused)
    assert one.outgoing_mails.filter(state=MailState.QUEUED).count() == one.events.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_delegate_who_withdraws_while_somebody_approves_is_withdrawn(meeting, suda):
    one = came(meeting)
    results = at_once(lambda: workflow.approve(one.pk, by=suda), lambda: workflow.withdraw(one.pk))
    assert faults(results) == []
    assert again(one).status == Status.WITHDRAWN
    assert list(one.outgoing_mails.exclude(state="cancelled").values_list("kind", flat=True)) == ["withdrawn"]


@pytest.mark.django_db(transaction=True)
def test_of_two_first_words_at_once_one_is_the_second(meeting, suda, anan):
    one = came(meeting, two=True)
    results = at_once(*[lambda by=by: workflow.approve(one.pk, by=by) for by in (suda, anan)])
    assert faults(results) == [] and not any(isinstance(r, Exception) for r in results)
    assert again(one).status == Status.APPROVED
    assert one.outgoing_mails.count() == 1
    assert sorted(one.events.values_list("action", flat=True)) == [Action.FIRST_APPROVED, Action.MOVED]


@pytest.mark.django_db(transaction=True)
def test_the_same_first_word_twice_at_once_is_one_word(meeting, suda):
    one = came(meeting, two=True)
    results = at_once(*[lambda: workflow.approve(one.pk, by=suda)] * 4)
    assert sum(isinstance(r, workflow.MoveNotAllowed) for r in results) == 3
    assert again(one).status == Status.SUBMITTED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_either_the_message_goes_or_the_decision_is_undone(meeting, suda, turn, monkeypatch):
    """The clocks of web server and worker differ: here the worker's is ahead, so that both believe to be in time."""
    gone = []
    monkeypatch.setattr("registration.mail.delivery.postbox", SimpleNamespace(send=gone.append, is_shut=False))
    one = came(meeting)
    workflow.approve(one.pk, by=suda)
    event, mail = one.events.get(), one.outgoing_mails.get()
    OutgoingMail.objects.filter(pk=mail.pk).update(not_before=timezone.now())
    calls = [lambda: workflow.undo(one.pk, event=event.pk, by=suda), lambda: outbox.deliver(mail.pk)] * 2
    undone, first, again_undone, second = at_once(*(calls if turn % 2 else reversed(calls)))
    mail.refresh_from_db()
    if again(one).status == Status.SUBMITTED:
        assert (mail.state, gone) == (MailState.CANCELLED, [])
    else:
        assert again(one).status == Status.APPROVED
        assert (mail.state, len(gone)) == (MailState.SENT, 1)
    assert faults([undone, first, again_undone, second]) == []


@pytest.mark.django_db(transaction=True)
def test_a_held_message_is_swept_as_soon_as_its_time_has_come_and_once(meeting, suda, monkeypatch):
    gone = []
    monkeypatch.setattr("registration.mail.delivery.postbox", SimpleNamespace(send=gone.append, is_shut=False))
    one = came(meeting)
    workflow.approve(one.pk, by=suda)
    earlier = timezone.now() - datetime.timedelta(minutes=5)
    one.outgoing_mails.update(created_at=earlier)
    assert outbox.sweep() == 0 and gone == []
    time_passes(one)
    assert sorted(at_once(*[outbox.sweep] * 4)) == [0, 0, 0, 1]
    assert len(gone) == 1
