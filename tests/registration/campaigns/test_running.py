"""Everybody whom the filter reaches gets one message, whatever happens meanwhile."""

import datetime
from collections import Counter

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meeting.models import AuditEntry, Meeting, Role
from registration import workflow
from registration.campaigns import audience, running, starting, writing
from registration.models import (
    Campaign,
    HeldKind,
    MailState,
    MessageChoice,
    OutgoingMail,
    Registration,
    Status,
    UnreachableAddress,
    Urgency,
)
from tests.factories import ChildFactory, DelegationFactory, RegistrationFactory
from tests.registration.many import people
from tests.registration.many.test_running import together

from . import made

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _unannounced(unannounced):
    """What is announced reaches no broker."""


def mails():
    return Counter(OutgoingMail.objects.values_list("to", flat=True))


def test_each_gets_one_message_in_the_queue_behind_all_others(unannounced):
    everybody = people.waiting(120)
    campaign = made.sent_off(everybody[0].meeting)
    assert unannounced == [("run_campaign", campaign.pk)]
    running.run(campaign.pk)
    assert mails() == {person.email: 1 for person in everybody}
    assert set(OutgoingMail.objects.values_list("urgency", "state", "kind")) == {
        (Urgency.MANY, MailState.QUEUED, "campaign")
    }
    mail = OutgoingMail.objects.get(to=everybody[0].email)
    assert mail.subject == f"Rooms for the {everybody[0].meeting.short_title}"
    assert "The hotel is full soon." in mail.text and "The hotel is full soon." in mail.html
    assert unannounced == [("run_campaign", campaign.pk)]  # the sweep finds the messages
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.ENDED
    entry = AuditEntry.objects.filter(action="campaign").latest("at")
    assert entry.detail == {"what": "sent", "written": 120, "left_out": 0, "left_alone": 0}


def test_pressed_twice_at_once_is_one_sending():
    everybody = people.waiting(30)
    campaign = made.campaign(everybody[0].meeting)
    press = [lambda: starting.send_off(campaign, revision=1, expected=30, by=campaign.by)] * 4
    together(press)
    together([lambda: running.run(campaign.pk)] * 4)
    assert mails() == {person.email: 1 for person in everybody}
    assert AuditEntry.objects.filter(action="campaign", detail__what="sent_off").count() == 1
    assert AuditEntry.objects.filter(action="campaign", detail__what="sent").count() == 1


def test_the_same_person_registered_twice_is_written_to_once():
    (first,) = people.waiting(1, email="salote@example.org")
    twin = RegistrationFactory(
        delegation=DelegationFactory(category=first.delegation.category),
        email="Salote@Example.org",
        display_name=first.display_name.upper(),
    )
    colleague = RegistrationFactory(delegation=first.delegation, email="salote@example.org")
    campaign = made.sent_off(first.meeting)
    running.run(campaign.pk)
    assert made.told(campaign) == [(first.pk, "queued"), (twin.pk, "same"), (colleague.pk, "queued")]


def test_who_has_no_mail_of_their_own_is_read_for_by_the_focal_points():
    (delegate,) = people.waiting(1)
    silent = RegistrationFactory(delegation=delegate.delegation, email="", on_behalf=True)
    child = ChildFactory(delegation=delegate.delegation)
    lonely = RegistrationFactory(delegation__category__meeting=delegate.meeting, email="", on_behalf=True)
    focal = made.focal_point(delegate.delegation)
    campaign = made.sent_off(delegate.meeting)
    running.run(campaign.pk)
    assert made.told(campaign) == [(delegate.pk, "queued"), (silent.pk, "queued"), (lonely.pk, "address")]
    assert mails() == {delegate.email: 1, focal.user.email: 1}
    assert child.display_name not in OutgoingMail.objects.get(to=focal.user.email).text


def test_where_the_words_speak_of_the_person_the_focal_point_reads_one_for_each():
    (delegate,) = people.waiting(1)
    silent = RegistrationFactory(delegation=delegate.delegation, email="", on_behalf=True)
    child = ChildFactory(delegation=delegate.delegation)
    focal = made.focal_point(delegate.delegation)
    campaign = made.sent_off(delegate.meeting, words=made.PERSONAL)
    running.run(campaign.pk)
    assert mails() == {delegate.email: 1, focal.user.email: 2}
    assert set(OutgoingMail.objects.filter(to=focal.user.email).values_list("subject", flat=True)) == {
        f"{silent.reference}: rooms",
        f"{child.reference}: rooms",
    }


def test_focal_points_are_written_to_once_however_many_delegations_they_have():
    (delegate,) = people.waiting(1)
    second = RegistrationFactory(delegation=DelegationFactory(category=delegate.delegation.category))
    alone = RegistrationFactory(delegation=DelegationFactory(category=delegate.delegation.category))
    focal = made.focal_point(delegate.delegation)
    made.focal_point(second.delegation, email=focal.user.email.replace("staff", "other"))
    focal.user.focal_points.create(delegation=second.delegation)
    campaign = made.sent_off(delegate.meeting, audience="focal")
    running.run(campaign.pk)
    assert campaign.recipients.filter(why="no_focal").get().delegation == alone.delegation
    assert set(mails().values()) == {1}
    assert len(mails()) == 2
    assert OutgoingMail.objects.filter(kind="campaign_focal", focal_user=focal.user, registration=None).exists()


def test_nobody_learns_of_a_decision_that_is_not_told_yet():
    approved, quietly, undecided = people.waiting(3)
    by = made.organiser(approved.meeting)
    workflow.approve(approved.pk, by=by)
    Meeting.objects.update(decision_grace_minutes=5)
    approved.meeting.refresh_from_db()
    workflow.approve(quietly.pk, by=by)
    OutgoingMail.objects.all().delete()
    campaign = made.sent_off(approved.meeting, query="status=approved")
    running.run(campaign.pk)
    assert made.told(campaign) == [(approved.pk, "queued")]
    waiting = made.sent_off(approved.meeting, query="status=submitted")
    running.run(waiting.pk)
    assert made.told(waiting) == [(quietly.pk, "queued"), (undecided.pk, "queued")]


def test_who_has_left_is_written_to_only_where_the_filter_says_so():
    here, gone, refused, draft = people.waiting(4)
    for who, status in ((gone, "withdrawn"), (refused, "rejected"), (draft, "draft")):
        Registration.objects.filter(pk=who.pk).update(status=status, status_reason="No letter.")
    everybody = made.sent_off(here.meeting)
    running.run(everybody.pk)
    assert made.told(everybody) == [(here.pk, "queued")]
    to_them = made.sent_off(here.meeting, query="status=withdrawn")
    running.run(to_them.pk)
    assert made.told(to_them) == [(gone.pk, "queued")]


def test_who_leaves_between_being_chosen_and_being_written_to_is_left_out(monkeypatch):
    stays, leaves = people.waiting(2)
    campaign = made.sent_off(stays.meeting)
    running._settle_who_gets_it(campaign.pk)
    Registration.objects.filter(pk=leaves.pk).update(status=Status.WITHDRAWN)
    running.run(campaign.pk)
    assert made.told(campaign) == [(stays.pk, "queued"), (leaves.pk, "gone")]


def test_a_message_that_waits_does_not_leave_for_somebody_who_withdraws():
    stays, leaves = people.waiting(2)
    campaign = made.sent_off(stays.meeting)
    running.run(campaign.pk)
    workflow.withdraw(leaves.pk, reason="")
    states = dict(OutgoingMail.objects.filter(kind="campaign").values_list("to", "state"))
    assert states == {stays.email: "queued", leaves.email: "cancelled"}


def test_addresses_that_do_not_work_or_said_no_are_left_out_now_and_when_it_runs():
    fine, wrong, unwilling, later = people.waiting(4)
    UnreachableAddress.objects.create(email=wrong.email, why="bounced")
    MessageChoice.objects.create(meeting=fine.meeting, email=unwilling.email)
    campaign = made.sent_off(fine.meeting)
    running._settle_who_gets_it(campaign.pk)
    MessageChoice.objects.create(meeting=fine.meeting, email=later.email)
    running.run(campaign.pk)
    assert made.told(campaign) == [
        (fine.pk, "queued"),
        (wrong.pk, "wrong"),
        (unwilling.pk, "said_no"),
        (later.pk, "said_no"),
    ]


def test_a_reviewer_writes_to_their_own_categories_only_and_to_nobody_when_the_role_is_taken():
    (own,) = people.waiting(1)
    other = RegistrationFactory(delegation__category__meeting=own.meeting)
    by = made.organiser(own.meeting, Role.REVIEWER)
    role = by.staff_roles.get()
    role.reviewed_categories.create(category=own.delegation.category)
    campaign = made.sent_off(own.meeting, by)
    running._settle_who_gets_it(campaign.pk)
    assert [row.registration_id for row in campaign.recipients.all()] == [own.pk]
    role.reviewed_categories.update(category=other.delegation.category)
    running.run(campaign.pk)
    assert made.told(campaign) == [(own.pk, "rights")]

    second = made.sent_off(own.meeting, by)
    role.delete()
    running.run(second.pk)
    assert made.told(second) == []
    second.refresh_from_db()
    assert second.ended_at
    assert not OutgoingMail.objects.exists()


def test_stopped_in_the_middle_leaves_the_rest_alone_and_what_has_not_left_stays(monkeypatch):
    everybody = people.waiting(running.TOGETHER * 3)
    campaign = made.sent_off(everybody[0].meeting)
    real, pieces = running._next, []

    def stops(campaign):
        rows = real(campaign)
        pieces.append(len(rows))
        if len(pieces) == 2:
            together([lambda: running.stop(campaign)])  # returns while rows are in hand
        return rows

    monkeypatch.setattr(running, "_next", stops)
    running.run(campaign.pk)
    running.run(campaign.pk)
    assert Counter(state for _who, state in made.told(campaign)) == {"queued": 100, "waiting": 50}
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {MailState.CANCELLED}
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.STOPPED
    assert campaign.ended_at


def test_what_has_left_is_not_called_back():
    sent, waits = people.waiting(2)
    campaign = made.sent_off(sent.meeting)
    running.run(campaign.pk)
    OutgoingMail.objects.filter(to=sent.email).update(state=MailState.SENT, sent_at=timezone.now())
    assert running.stop(campaign) == 1
    assert dict(OutgoingMail.objects.values_list("to", "state")) == {sent.email: "sent", waits.email: "cancelled"}
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.STOPPED
    assert running.stop(campaign) == 0


def test_a_fault_with_one_leaves_the_others_their_message(monkeypatch):
    everybody = people.waiting(3)
    real = writing.rendering

    def fails(campaign, reader, about):
        if reader.email == everybody[1].email:
            raise ValueError("no words")
        return real(campaign, reader, about)

    monkeypatch.setattr(writing, "rendering", fails)
    campaign = made.sent_off(everybody[0].meeting)
    running.run(campaign.pk)
    assert [why for _who, why in made.told(campaign)] == ["queued", "fault", "queued"]


@pytest.mark.parametrize("fault", [SoftTimeLimitExceeded(), OperationalError("gone")])
def test_a_worker_that_ends_in_the_middle_loses_nothing_and_the_sweep_goes_on(monkeypatch, fault):
    everybody = people.waiting(120)
    campaign = made.sent_off(everybody[0].meeting)
    real, written = writing.rendering, []

    def dies(campaign, reader, about):
        written.append(reader.email)
        if len(written) == 70:
            raise fault
        return real(campaign, reader, about)

    monkeypatch.setattr(writing, "rendering", dies)
    with pytest.raises(type(fault)):
        running.run(campaign.pk)
    assert sum(mails().values()) == 50
    running.sweep()  # it is still young: left to the worker that was told of it
    assert sum(mails().values()) == 50
    Campaign.objects.update(pressed_at=timezone.now() - datetime.timedelta(minutes=1))
    running.sweep()
    assert mails() == {person.email: 1 for person in everybody}


def test_a_scheduled_one_begins_at_its_time_with_those_who_fit_then():
    (first,) = people.waiting(1)
    campaign = made.sent_off(first.meeting, at=timezone.now() + datetime.timedelta(hours=1))
    Campaign.objects.update(pressed_at=timezone.now() - datetime.timedelta(minutes=1))
    running.sweep()
    assert not campaign.recipients.exists()
    newcomer = RegistrationFactory(delegation=first.delegation)
    Campaign.objects.update(send_at=timezone.now())
    running.sweep()
    assert mails() == {first.email: 1, newcomer.email: 1}


def test_a_scheduled_one_can_be_taken_back_and_then_not_begun():
    (who,) = people.waiting(1)
    campaign = made.sent_off(who.meeting, at=timezone.now() + datetime.timedelta(hours=1))
    assert starting.take_back(campaign, by=campaign.by)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.DRAFT
    running.run(campaign.pk)
    assert not OutgoingMail.objects.exists()
    begun = made.sent_off(who.meeting)
    running.run(begun.pk)
    assert not starting.take_back(begun, by=begun.by)


def test_words_of_another_language_are_fallen_back_on():
    frank, fatima = people.waiting(2)
    Registration.objects.filter(pk=frank.pk).update(language="fr")
    Registration.objects.filter(pk=fatima.pk).update(language="ar")
    words = {**made.WORDS, "fr": {"subject": "Chambres", "title": "Chambres", "body": "L’hôtel est presque complet."}}
    campaign = made.sent_off(frank.meeting, words=words)
    running.run(campaign.pk)
    assert dict(OutgoingMail.objects.values_list("to", "language")) == {frank.email: "fr", fatima.email: "en"}
    assert OutgoingMail.objects.get(to=frank.email).subject == "Chambres"
    assert "Bonjour" not in OutgoingMail.objects.get(to=fatima.email).text


def test_organisers_who_want_to_read_such_messages_first_have_them_held():
    (who,) = people.waiting(1)
    HeldKind.objects.create(meeting=who.meeting, kind="campaign")
    campaign = made.sent_off(who.meeting)
    running.run(campaign.pk)
    assert OutgoingMail.objects.get().state == MailState.HELD
    running.stop(campaign)
    assert OutgoingMail.objects.get().state == MailState.CANCELLED


def test_a_filter_that_lost_its_meaning_reaches_nobody_instead_of_everybody():
    (who,) = people.waiting(1)
    campaign = made.sent_off(who.meeting, query="category=999999")
    running.run(campaign.pk)
    assert made.told(campaign) == []
    campaign.refresh_from_db()
    assert campaign.ended_at


@pytest.mark.parametrize("query", ["status=gone", "category=999999", "colour=red", "modality=by_boat", "q=Nobody+Here"])
def test_a_filter_that_is_not_understood_is_refused(query):
    (who,) = people.waiting(1)
    by = made.organiser(who.meeting)
    if query.startswith("q="):
        assert not list(audience.chosen(who.meeting, query, by))
        return
    with pytest.raises(audience.NotUnderstood):
        audience.chosen(who.meeting, query, by)


def test_ten_thousand_are_settled_in_a_fixed_number_of_questions(django_assert_max_num_queries):
    campaign = made.sent_off(made.crowd(10_000))
    with django_assert_max_num_queries(40):
        running._settle_who_gets_it(campaign.pk)
    assert campaign.recipients.filter(state="waiting").count() == 10_000


def test_a_piece_asks_as_much_for_fifty_as_for_one(django_assert_num_queries):
    (one,) = people.waiting(1)
    single = made.sent_off(one.meeting)
    many = made.sent_off(people.waiting(50)[0].meeting)
    counts = []
    for campaign in (single, many):
        begun = running._begin(campaign.pk)
        with CaptureQueriesContext(connection) as captured:
            assert running._write_to_some(begun)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 16
