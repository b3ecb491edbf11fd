"""What waits to leave: listed in words, stopped, sent at once, sent again; each by whoever may decide."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from meeting.models import Role
from registration import workflow
from registration.desk import mailing
from registration.mail import links, outbox
from registration.mail.stages import Stage
from registration.models import MailState, OutgoingMail, RegistrationEvent, SeatOffer, Status
from tests.factories import (
    CategoryFactory,
    ChildFactory,
    DelegationFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
)

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def announced(monkeypatch):
    told: list[int] = []
    monkeypatch.setattr("registration.mail.broker.publisher.send_mail", told.append)
    return told


@pytest.fixture
def meeting():
    return MeetingFactory(decision_grace_minutes=5)


@pytest.fixture
def registration(meeting):
    return RegistrationFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)))


@pytest.fixture
def reviewer(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER).user
    client.force_login(user)
    return user


def a_mail(registration, **values):
    mail = outbox.queue("submitted", registration, key=f"k-{OutgoingMail.objects.count()}")
    OutgoingMail.objects.filter(pk=mail.pk).update(**values)
    mail.refresh_from_db()
    return mail


def act(client, registration, mail, what, query=""):
    args = [registration.meeting.slug, registration.reference, mail.pk, what]
    return client.post(reverse("admin:desk:mail_act", args=args) + query)


def told(response):
    return [str(m) for m in get_messages(response.wsgi_request)]


def actions(registration):
    return list(registration.events.values_list("action", flat=True))


SENT = {"state": MailState.SENT, "sent_at": timezone.now()}


@pytest.mark.parametrize(
    ("values", "stage", "when", "acts"),
    [
        ({}, Stage.WAITING, "", {"can_stop"}),
        (
            {"not_before": timezone.now() + 3000 * 24 * 60 * MINUTE},
            Stage.GRACE,
            "leaves at ",
            {"can_stop", "can_hurry"},
        ),
        (
            {"attempts": 2, "not_before": timezone.now() + 3000 * 24 * 60 * MINUTE},
            Stage.RETRY,
            "tried 2 times, again at ",
            {"can_stop", "can_hurry"},
        ),
        ({"state": MailState.SENDING}, Stage.SENDING, "", set()),
        (SENT, Stage.SENT, "", {"can_repeat"}),
        ({"state": MailState.FAILED}, Stage.FAILED, "", {"can_repeat"}),
        ({"state": MailState.STUCK}, Stage.UNCLEAR, "", {"can_repeat"}),
        ({"state": MailState.CANCELLED}, Stage.CANCELLED, "", set()),
    ],
)
def test_each_message_says_what_became_of_it_and_what_can_be_done(registration, values, stage, when, acts):
    a_mail(registration, **values)
    message = mailing.listed(registration)[0]
    assert message.stage == stage and message.when.startswith(when)
    assert {name for name in ("can_stop", "can_hurry", "can_repeat") if getattr(message, name)} == acts


def test_a_message_that_leaves_today_says_the_hour_of_the_meeting(registration):
    a_mail(registration, not_before=timezone.now() + MINUTE)
    later = (timezone.now() + MINUTE).astimezone(registration.meeting.zone)
    assert f"{later:%H:%M}" in mailing.listed(registration)[0].when


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_one_query_however_many_there_are(registration, rows, django_assert_num_queries):
    for _n in range(rows):
        a_mail(registration)
    registration.refresh_from_db()
    _ = registration.meeting
    with django_assert_num_queries(1):
        mailing.listed(registration)


def test_what_waits_is_stopped_once_and_written_down(client, registration, reviewer):
    mail = a_mail(registration, not_before=timezone.now() + MINUTE)
    response = act(client, registration, mail, "stop", "?state=submitted")
    assert response.status_code == 302 and "state=submitted" in response.url and response.url.endswith("#messages")
    mail.refresh_from_db()
    assert mail.state == MailState.CANCELLED
    event = registration.events.get()
    assert (event.action, event.by) == (RegistrationEvent.Action.MAIL_STOPPED, reviewer)
    again = act(client, registration, mail, "stop")
    assert "cannot be stopped any more" in told(again)[-1]
    assert registration.events.count() == 1


def test_what_tells_of_a_decision_is_stopped_by_undoing_the_decision(client, registration, reviewer):
    workflow.approve(registration.pk, by=reviewer)
    mail = OutgoingMail.objects.get()
    response = act(client, registration, mail, "stop")
    assert "Undo the decision instead" in told(response)[-1]
    mail.refresh_from_db()
    assert mail.state == MailState.QUEUED
    registration.refresh_from_db()
    message = mailing.listed(registration)[0]
    assert message.waits_to_be_told and message.can_hurry and not message.can_stop


def test_a_decision_sent_at_once_is_told_and_can_no_more_be_undone(client, registration, reviewer, announced):
    workflow.reject(registration.pk, by=reviewer, reason="No letter.")
    event, mail = registration.events.get(), OutgoingMail.objects.get()
    assert outbox.deliver(mail.pk) is None, "it waits"
    act(client, registration, mail, "now")
    registration.refresh_from_db()
    mail.refresh_from_db()
    assert registration.told_status == Status.REJECTED and registration.quiet_until is None
    assert mail.not_before <= timezone.now()
    assert RegistrationEvent.Action.MAIL_HURRIED in actions(registration)
    with pytest.raises(workflow.MoveNotAllowed):
        workflow.undo(registration.pk, event=event.pk, by=reviewer)


def test_the_seat_that_was_kept_goes_on_when_the_rejection_is_sent_at_once(registration, reviewer):
    registration.delegation.quota = 1
    registration.delegation.save()
    waiting = RegistrationFactory(delegation=registration.delegation, status=Status.WAITLISTED)
    workflow.reject(registration.pk, by=reviewer, reason="No letter.")
    assert not SeatOffer.objects.exists()
    workflow.send_message_now(OutgoingMail.objects.get().pk, by=reviewer)
    assert SeatOffer.objects.get().registration == waiting


def test_a_message_is_announced_when_it_is_hurried(
    registration, reviewer, announced, django_capture_on_commit_callbacks
):
    mail = a_mail(registration, not_before=timezone.now() + MINUTE)
    with django_capture_on_commit_callbacks(execute=True):
        workflow.send_message_now(mail.pk, by=reviewer)
    assert announced == [mail.pk]


def test_a_message_about_something_else_does_not_end_the_time_for_undoing(registration, reviewer):
    other = a_mail(registration, not_before=timezone.now() + MINUTE)
    workflow.approve(registration.pk, by=reviewer)
    workflow.send_message_now(other.pk, by=reviewer)
    registration.refresh_from_db()
    assert registration.told_status == Status.SUBMITTED


def test_sent_again_it_is_a_message_of_its_own_with_a_new_link_to_the_present_address(client, registration, reviewer):
    mail = a_mail(registration, **SENT)
    first = links.issue(mail)
    registration.email = "new@example.org"
    registration.save()
    response = act(client, registration, mail, "again")
    assert "new@example.org" in told(response)[-1]
    copy = OutgoingMail.objects.order_by("pk").last()
    assert copy.pk != mail.pk and copy.to == "new@example.org" and copy.state == MailState.QUEUED
    assert (copy.subject, copy.text, copy.html) == (mail.subject, mail.text, mail.html)
    assert links.issue(copy) != first
    assert actions(registration) == [RegistrationEvent.Action.MAIL_SENT]


def test_what_does_not_hold_any_more_is_not_told_again(registration, reviewer):
    mail = a_mail(registration, **SENT)
    workflow.reject(registration.pk, by=reviewer, reason="No letter.")
    workflow.send_message_again(mail.pk, by=reviewer)  # nobody outside knows of the rejection yet
    registration.refresh_from_db()
    registration.quiet_until, registration.quiet_status = None, ""
    registration.save()
    with pytest.raises(workflow.MoveNotAllowed, match="does not hold any more"):
        workflow.send_message_again(mail.pk, by=reviewer)


def test_what_has_not_left_and_codes_are_not_sent_again(registration, reviewer):
    with pytest.raises(workflow.MoveNotAllowed, match="has not left yet"):
        workflow.send_message_again(a_mail(registration).pk, by=reviewer)
    with pytest.raises(workflow.MoveNotAllowed, match="A code is sent only"):
        workflow.send_message_again(a_mail(registration, kind="change_code", **SENT).pk, by=reviewer)


def test_a_message_with_a_persons_own_link_never_goes_to_somebody_else(registration, reviewer):
    mail = a_mail(registration, **SENT)
    registration.on_behalf = True
    registration.save()
    with pytest.raises(workflow.MoveNotAllowed, match="go to somebody else today"):
        workflow.send_message_again(mail.pk, by=reviewer)


def test_messages_of_others_and_made_up_acts_are_not_there(client, registration, reviewer):
    mine, theirs = a_mail(registration), a_mail(RegistrationFactory(delegation=registration.delegation))
    assert act(client, registration, theirs, "stop").status_code == 404
    assert act(client, registration, mine, "burn").status_code == 404
    away = RegistrationFactory()
    assert act(client, away, a_mail(away), "stop").status_code == 404


def test_on_somebody_under_18_only_the_safeguarding_lead_acts(meeting):
    child = ChildFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)))
    mail = OutgoingMail.objects.create(
        key="k", meeting=meeting, registration=child, kind="submitted", to="a@b.org", language="en", subject="s"
    )
    with pytest.raises(workflow.MoveNotAllowed, match="safeguarding lead decides"):
        workflow.stop_message(mail.pk, by=StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user)
    workflow.stop_message(mail.pk, by=StaffRoleFactory(meeting=meeting, role=Role.SAFEGUARDING).user)


def test_the_stock_admin_sends_what_waits_and_leaves_the_rest_alone(client, registration, meeting):
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user)
    waiting = a_mail(registration, not_before=timezone.now() + MINUTE)
    about_nobody = a_mail(registration, not_before=timezone.now() + MINUTE)
    OutgoingMail.objects.filter(pk=about_nobody.pk).update(registration=None)
    chosen = [waiting.pk, about_nobody.pk, a_mail(registration, state=MailState.CANCELLED).pk]
    response = client.post(
        reverse("admin:registration_outgoingmail_changelist"), {"action": "send_now", "_selected_action": chosen}
    )
    assert told(response) == ["2 messages leave now.", "1 was left alone: it does not wait."]
    assert not OutgoingMail.objects.filter(not_before__gt=timezone.now()).exists()
    page = client.get(reverse("admin:registration_outgoingmail_changelist")).content.decode()
    assert "Stopped before it left" in page
