"""Rows are taken one by one, by as many workers as come; what is stopped is left alone; nothing is done twice."""

import datetime
import threading
import uuid
from collections import Counter

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection
from django.utils import timezone, translation

from meeting.models import AuditEntry, Role
from registration import workflow
from registration.many import forgetting, moving, running, undoing
from registration.many.starting import Asked
from registration.models import BulkDecision, OutgoingMail, Registration, RegistrationEvent, Status
from tests.factories import ChildFactory, RegistrationFactory, StaffRoleFactory, UserFactory

from . import people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def many(unannounced):
    """Forty who wait, and the decision to approve them, which no worker has begun."""
    return people.decide(people.waiting(40))


def counts(bulk):
    return dict(Counter(bulk.rows.values_list("state", flat=True)))


def moves():
    return Counter(RegistrationEvent.objects.filter(action="moved").values_list("registration", flat=True))


def test_many_are_announced_and_few_are_decided_at_once(unannounced):
    few = people.decide(people.waiting(20))
    assert counts(few) == {"done": 20}
    unannounced.clear()
    many = people.decide(people.waiting(21))
    assert counts(many) == {"waiting": 21}
    assert unannounced == [("decide_many", many.pk)]


def test_messages_are_announced_together(many, unannounced):
    unannounced.clear()
    running.run(many.pk)
    mails = set(OutgoingMail.objects.values_list("pk", flat=True))
    assert [name for name, *_ids in unannounced] == ["send_mails"] * 2
    assert {pk for _name, *ids in unannounced for pk in ids} == mails
    assert len(mails) == 40


def test_to_confirm_twice_at_the_same_time_is_one_decision(unannounced):
    everybody, token = people.waiting(5), uuid.uuid4()
    by = StaffRoleFactory(meeting=everybody[0].meeting, role=Role.ORGANISER).user
    together([lambda: people.decide(everybody, by=by, token=token)] * 4)
    assert BulkDecision.objects.count() == 1
    assert moves() == {who.pk: 1 for who in everybody}
    assert OutgoingMail.objects.count() == 5


def test_two_runners_share_the_rows_and_nobody_is_decided_on_twice(many):
    together([lambda: running.run(many.pk)] * 3)
    assert counts(many) == {"done": 40}
    assert moves() == {row.registration_id: 1 for row in many.rows.all()}
    assert OutgoingMail.objects.count() == 40
    many.refresh_from_db()
    assert many.ended_at is not None
    assert AuditEntry.objects.filter(action="bulk").count() == 1


def together(acts):
    """All at once, each with a connection of its own."""
    barrier, faults = threading.Barrier(len(acts)), []

    def run(act):
        barrier.wait()
        try:
            act()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert faults == []


@pytest.mark.parametrize("fault", [SoftTimeLimitExceeded(), OperationalError("gone")])
def test_a_worker_that_ends_in_the_middle_leaves_each_row_done_or_waiting_and_the_sweep_goes_on(
    many, monkeypatch, fault
):
    real, turns = moving.carry_out, []

    def dies(bulk, registration, *, by):
        turns.append(registration.pk)
        real(bulk, registration, by=by)
        if len(turns) == 30:
            raise fault

    monkeypatch.setattr(moving, "carry_out", dies)
    with pytest.raises(type(fault)):
        running.run(many.pk)
    done = many.rows.filter(state="done")
    assert done.count() == 20
    assert set(moves()) == set(done.values_list("registration", flat=True))
    assert OutgoingMail.objects.count() == 20

    running.sweep()  # it is still young: left to the worker that was told of it
    assert counts(many) == {"done": 20, "waiting": 20}
    BulkDecision.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=1))
    running.sweep()
    assert counts(many) == {"done": 40}
    assert set(moves().values()) == {1}


def test_a_row_that_ends_its_worker_each_time_is_given_up_and_the_others_go_on(many, monkeypatch):
    """As when the kernel kills: nothing of the transaction is left, but what was counted before."""
    real, culprit = moving.carry_out, many.rows.order_by("registration_id")[7].registration_id

    def dies(bulk, registration, *, by):
        if registration.pk == culprit:
            raise OperationalError("gone")
        real(bulk, registration, by=by)

    monkeypatch.setattr(moving, "carry_out", dies)
    for _n in range(running.MOST_TRIES):
        with pytest.raises(OperationalError):
            running.run(many.pk)
    assert counts(many) == {"done": 39, "waiting": 1}
    running.run(many.pk)
    [row] = many.rows.filter(state="refused")
    assert row.registration_id == culprit and row.told.startswith("This was begun 5 times and never finished")
    many.refresh_from_db()
    assert many.ended_at is not None and counts(many) == {"done": 39, "refused": 1}
    assert culprit not in moves() and set(moves().values()) == {1}


def test_what_a_worker_took_and_another_finished_is_left_alone(many):
    taken = running._take(many)
    running.run(many.pk)
    running._decide_on(many, taken)
    assert set(moves().values()) == {1} and counts(many) == {"done": 40}


def test_a_run_ends_in_time_and_the_next_goes_on(many):
    running.run(many.pk, seconds=0)
    assert counts(many) == {"waiting": 40}
    many.refresh_from_db()
    assert many.ended_at is None
    running.run(many.pk)
    assert counts(many) == {"done": 40}


def test_what_is_stopped_finishes_the_rows_in_hand_and_leaves_the_rest_alone(many, monkeypatch):
    real = moving.carry_out

    def stops(bulk, registration, *, by):
        together([lambda: running.stop(bulk)])  # returns while rows are in hand
        real(bulk, registration, by=by)

    monkeypatch.setattr(moving, "carry_out", stops)
    running.run(many.pk)
    running.run(many.pk)
    running.sweep()
    assert counts(many) == {"done": running.TOGETHER, "waiting": 40 - running.TOGETHER}
    many.refresh_from_db()
    assert many.stopped_at and many.ended_at
    assert AuditEntry.objects.get(action="bulk").detail["left_alone"] == 20


def test_who_may_not_decide_any_more_decides_nothing(many):
    many.by.staff_roles.all().delete()
    running.run(many.pk)
    assert counts(many) == {"refused": 40}
    assert not moves()
    assert many.rows.first().told == "You do not decide on this registration any more, so nothing was changed."


def test_a_reviewer_who_was_limited_meanwhile_decides_on_no_other_category(unannounced):
    everybody = people.waiting(21)
    other = RegistrationFactory(delegation__category__meeting=everybody[0].meeting)
    role = StaffRoleFactory(meeting=other.meeting, role=Role.REVIEWER)
    bulk = people.decide([*everybody, other], by=role.user)
    role.reviewed_categories.create(category=other.delegation.category)
    running.run(bulk.pk)
    assert counts(bulk) == {"refused": 21, "done": 1}
    assert set(moves()) == {other.pk}


def test_a_first_word_that_came_meanwhile_is_not_made_the_second(unannounced):
    (who,) = people.waiting(1)
    who.delegation.category.two_approvals = True
    who.delegation.category.save()
    everybody = [who]
    by = StaffRoleFactory(meeting=who.meeting, role=Role.ORGANISER).user
    seen = Registration.objects.get(pk=who.pk)
    workflow.approve(who.pk, by=UserFactory(name="Somchai R."))
    bulk = people.decide([seen], by=by)
    assert everybody
    row = bulk.rows.get()
    assert row.state == "refused"
    assert row.told.startswith("Somchai R. has approved")
    assert Registration.objects.get(pk=who.pk).status == Status.SUBMITTED


def test_a_child_is_decided_on_by_nobody_here(unannounced):
    (who,) = people.waiting(1)
    child = ChildFactory(delegation=who.delegation)
    bulk = people.decide([who, child])
    assert {row.registration_id: row.state for row in bulk.rows.all()} == {who.pk: "done", child.pk: "refused"}


def test_those_who_wait_for_a_seat_get_the_free_ones_and_no_more(unannounced):
    everybody = people.waiting(3, status=Status.WAITLISTED)
    delegation = everybody[0].delegation
    delegation.quota = 2
    delegation.save()
    bulk = people.decide(everybody)
    assert counts(bulk) == {"done": 2, "refused": 1}
    assert "no seat is free" in bulk.rows.get(state="refused").told


def test_a_refusal_is_told_in_the_language_of_who_decided(unannounced):
    (who,) = people.waiting(1)
    seen = Registration.objects.get(pk=who.pk)
    workflow.approve(who.pk, by=UserFactory(name="Somchai R."))
    with translation.override("fr"):
        bulk = people.decide([seen])
        expected = moving.overtaken(bulk.rows.get(), Registration.objects.get(pk=who.pk))
    assert bulk.language == "fr"
    assert bulk.rows.get().told == expected


# Undoing, forgetting


def with_grace(everybody):
    meeting = everybody[0].meeting
    meeting.decision_grace_minutes = 5
    meeting.save()
    return people.decide([Registration.objects.get(pk=who.pk) for who in everybody])


def test_all_that_can_still_be_undone_is_undone_and_nobody_is_mailed(unannounced):
    bulk = with_grace(people.waiting(3))
    assert set(Registration.objects.values_list("status", flat=True)) == {"approved"}
    undone = undoing.undo(bulk, Registration.objects.all(), by=bulk.by)
    assert (undone.done, undone.refused, undone.left) == (3, [], 0)
    assert set(Registration.objects.values_list("status", flat=True)) == {"submitted"}
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"cancelled"}


def test_what_a_colleague_has_decided_since_is_not_undone(unannounced):
    everybody = people.waiting(2)
    bulk = with_grace(everybody)
    workflow.un_approve(everybody[0].pk, by=UserFactory(), reason="Wrong letter.")
    workflow.reject(everybody[0].pk, by=UserFactory(), reason="Wrong letter.")
    assert undoing.undo(bulk, Registration.objects.all(), by=bulk.by).done == 1
    assert [Registration.objects.get(pk=who.pk).status for who in everybody] == ["rejected", "submitted"]


def test_whose_message_is_on_its_way_stays_decided(unannounced):
    bulk = with_grace(people.waiting(2))
    OutgoingMail.objects.filter(pk=OutgoingMail.objects.first().pk).update(state="sending")
    undone = undoing.undo(bulk, Registration.objects.all(), by=bulk.by)
    assert undone.done == 1
    assert len(undone.refused) == 1
    assert "on its way already" in undone.refused[0]


def test_decisions_on_many_are_forgotten_after_thirty_days(unannounced):
    old, fresh = people.decide(people.waiting(1)), people.decide(people.waiting(1))
    BulkDecision.objects.filter(pk=old.pk).update(ended_at=timezone.now() - datetime.timedelta(days=31))
    forgetting.forget()
    assert list(BulkDecision.objects.values_list("pk", flat=True)) == [fresh.pk]
    assert Registration.objects.count() == 2


def test_a_return_names_its_fields_and_an_unknown_move_of_status_is_refused(unannounced):
    everybody = people.waiting(2, status=Status.APPROVED)
    bulk = people.decide(everybody, asked=Asked("return", reason="See below.", fields_to_mend=("letter",)))
    assert counts(bulk) == {"refused": 2}


def test_whoever_is_refused_after_their_message_was_made_gets_none(many, monkeypatch):
    unlucky = many.rows.order_by("registration_id")[3].registration_id
    does = moving.carry_out

    def carry_out(bulk, registration, *, by):
        does(bulk, registration, by=by)
        if registration.pk == unlucky:
            raise workflow.MoveNotAllowed("No.")

    monkeypatch.setattr(moving, "carry_out", carry_out)
    running.run(many.pk)
    told = set(OutgoingMail.objects.values_list("registration", flat=True))
    assert len(told) == 39 and unlucky not in told
