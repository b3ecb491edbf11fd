"""A slip at the desk is put right: undo from the banner and from the rail, approvals taken back, categories changed."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from meeting.models import Role
from registration import workflow
from registration.models import OutgoingMail, RegistrationEvent, Status
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory(decision_grace_minutes=5)


@pytest.fixture
def delegation(meeting):
    return DelegationFactory(category=CategoryFactory(meeting=meeting, kinds=["state"]), entity__kind="state")


@pytest.fixture
def reviewer(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER, user__name="Suda P.").user
    client.force_login(user)
    return user


def to(registration, act="registration", *more):
    return reverse(f"admin:desk:{act}", args=[registration.meeting.slug, registration.reference, *more])


def send(client, registration, move, **values):
    return client.post(to(registration, "decide"), {"move": move, "seen": registration.status, **values})


def shown(client, registration, query=""):
    return client.get(to(registration) + query).content.decode()


def offered(text):
    """The buttons that undo: where they lead, and which decision."""
    found = re.findall(r'action="([^"]+/undo/[^"]*)"[^>]*>.*?name="event" value="(\d+)"', text, re.DOTALL)
    return [(address, int(event)) for address, event in found]


def clock(registration):
    registration.refresh_from_db()
    return f"{registration.quiet_until.astimezone(registration.meeting.zone):%H:%M}"


REASONS = {"return": "Sign the letter.", "reject": "No letter.", "waitlist": "Later, perhaps."}


@pytest.mark.parametrize("move", ["approve", "return", "waitlist", "reject"])
def test_the_next_person_opens_with_the_way_to_undo(client, reviewer, delegation, move):
    me, following = RegistrationFactory.create_batch(2, delegation=delegation)
    response = send(client, me, move, reason=REASONS.get(move, ""), fields_to_mend=["letter"])
    assert response.url == to(following)
    text = shown(client, following)
    assert f"The mail leaves at {clock(me)}." in text
    event = RegistrationEvent.objects.get(registration=me)
    assert offered(text) == [(to(me, "undo"), event.pk)]
    response = client.post(to(me, "undo"), {"event": event.pk})
    assert response.url == to(me)
    me.refresh_from_db()
    assert (me.status, me.status_reason, me.returned_fields) == (Status.SUBMITTED, "", [])
    assert not OutgoingMail.objects.filter(registration=me).exclude(state="cancelled").exists()
    assert "is as before, and no mail leaves." in shown(client, me)


def test_the_offer_stands_once_and_also_where_the_queue_is_empty(client, reviewer, delegation):
    me = RegistrationFactory(delegation=delegation)
    response = send(client, me, "approve")
    assert response.url == reverse("admin:desk:queue", args=[me.meeting.slug])
    assert [address for address, _event in offered(client.get(response.url).content.decode())] == [to(me, "undo")]
    assert offered(client.get(response.url).content.decode()) == []


def test_undo_keeps_the_filter_of_the_queue(client, reviewer, delegation):
    me, following = RegistrationFactory.create_batch(2, delegation=delegation)
    client.post(to(me, "decide") + "?letter=no", {"move": "approve", "seen": "submitted"})
    (address, event), *_rest = offered(shown(client, following, "?letter=no"))
    assert client.post(address, {"event": event}).url == to(me) + "?letter=no"


@pytest.mark.parametrize("by_colleague", [True, False])
def test_whoever_opens_the_person_can_undo_there_too(client, meeting, reviewer, delegation, by_colleague):
    colleague = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER).user
    me = RegistrationFactory(delegation=delegation)
    workflow.reject(me.pk, by=colleague if by_colleague else reviewer, reason="No letter.")
    text = shown(client, me)
    assert f"Nobody outside is told before {clock(me)}." in text
    ((address, event),) = offered(text)
    client.post(address, {"event": event})
    me.refresh_from_db()
    assert me.status == Status.SUBMITTED


def test_after_its_time_nothing_is_offered_and_the_button_says_so(client, reviewer, delegation):
    me, following = RegistrationFactory.create_batch(2, delegation=delegation)
    send(client, me, "approve")
    ((address, event),) = offered(shown(client, following))
    type(me).objects.filter(pk=me.pk).update(quiet_until=timezone.now() - datetime.timedelta(seconds=1))
    assert offered(shown(client, me)) == []
    client.post(address, {"event": event})
    assert "can no more be undone" in shown(client, me)
    me.refresh_from_db()
    assert me.status == Status.APPROVED


@pytest.mark.parametrize("event", ["", "x", "0", "99999999999999999999999", "²"])
def test_an_undo_of_nothing_changes_nothing(client, reviewer, delegation, event):
    me = RegistrationFactory(delegation=delegation)
    send(client, me, "approve")
    assert client.post(to(me, "undo"), {"event": event}).url == to(me)
    assert client.get(to(me, "undo"), {"event": event}).status_code == 302
    me.refresh_from_db()
    assert me.status == Status.APPROVED


def test_without_a_grace_the_mail_is_on_its_way(client, meeting, reviewer, delegation):
    meeting.decision_grace_minutes = 0
    meeting.save()
    me, following = RegistrationFactory.create_batch(2, delegation=delegation)
    assert "The mail leaves at once." in shown(client, me)
    send(client, me, "approve")
    text = shown(client, following)
    assert f"{me.printed_name} approved. The mail is on its way." in text
    assert offered(text) == []


def test_the_buttons_say_when_the_mail_leaves(client, reviewer, delegation):
    text = shown(client, RegistrationFactory(delegation=delegation))
    assert "The mail leaves after 5 minutes; until then you can undo. The next person opens." in text


def test_nothing_is_promised_where_only_corrections_are_left(client, reviewer, delegation):
    text = shown(client, RegistrationFactory(delegation=delegation, status=Status.APPROVED))
    assert "Take the approval back" in text
    assert "The mail leaves" not in text


# The waiting list


def test_waiting_needs_no_reason(client, reviewer, delegation):
    me = RegistrationFactory(delegation=delegation)
    send(client, me, "waitlist")
    me.refresh_from_db()
    assert (me.status, me.kept_waiting) == (Status.WAITLISTED, True)
    assert "put on the waiting list." in shown(client, me)


# Taking an approval back


def test_an_approval_is_taken_back_with_a_reason_alone(client, reviewer, delegation):
    me = RegistrationFactory(delegation=delegation, status=Status.APPROVED)
    response = send(client, me, "un_approve")
    assert response.status_code == 422
    assert "Give a reason: the delegate reads it." in response.content.decode()
    assert send(client, me, "un_approve", reason="The wrong Ana.").url == to(me)
    me.refresh_from_db()
    assert (me.status, me.status_reason) == (Status.SUBMITTED, "The wrong Ana.")
    assert f"is taken back. The mail leaves at {clock(me)}." in shown(client, me)


def test_of_an_approval_nobody_heard_of_no_mail_leaves(client, reviewer, delegation):
    me = RegistrationFactory(delegation=delegation)
    send(client, me, "approve")
    shown(client, me)
    me.refresh_from_db()
    send(client, me, "un_approve", reason="The wrong Ana.")
    assert "They had not been told, so no mail leaves." in shown(client, me)
    assert not OutgoingMail.objects.filter(registration=me).exclude(state="cancelled").exists()


@pytest.mark.parametrize(
    ("move", "was"),
    [("un_approve", Status.APPROVED), ("waitlist", Status.SUBMITTED), ("withdraw", Status.SUBMITTED)],
)
def test_who_looked_at_an_older_page_is_told_and_changes_nothing(client, meeting, reviewer, delegation, move, was):
    colleague = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER, user__name="Somchai R.").user
    me = RegistrationFactory(delegation=delegation, status=was)
    if was == Status.APPROVED:
        workflow.un_approve(me.pk, by=colleague, reason="A slip.")
    else:
        workflow.approve(me.pk, by=colleague)
    workflow.assign(me.pk, to=colleague, by=colleague)  # a later line of the history is not the decision
    events = RegistrationEvent.objects.count()
    send(client, me, move, reason="Mine.")
    text = shown(client, me)
    assert "already: Somchai R. did that at" in text and "Nothing was changed by you." in text
    assert RegistrationEvent.objects.count() == events


# Two people


@pytest.fixture
def pair(delegation):
    delegation.category.two_approvals = True
    delegation.category.save()
    return RegistrationFactory(delegation=delegation)


def test_the_first_word_is_not_told_and_can_be_undone(client, reviewer, pair):
    assert "Two people approve here" in shown(client, pair)
    send(client, pair, "approve")
    text = shown(client, pair)
    assert "A colleague gives the second word; nobody is told before." in text
    assert "You have approved. One more is needed, from a colleague." in text
    assert 'value="approve"' not in text
    client.post(to(pair, "undo"), {"event": offered(text)[0][1]})
    pair.refresh_from_db()
    assert pair.first_approved_by is None


def test_the_second_person_reads_whose_word_there_is_and_gives_theirs(client, meeting, reviewer, pair):
    workflow.approve(pair.pk, by=StaffRoleFactory(meeting=meeting, role=Role.REVIEWER, user__name="Somchai R.").user)
    text = shown(client, pair)
    assert "Approved by Somchai R., one more needed." in text and 'value="approve"' in text
    send(client, pair, "approve")
    pair.refresh_from_db()
    assert pair.status == Status.APPROVED


def test_nobody_gives_both_words(client, reviewer, pair):
    workflow.approve(pair.pk, by=reviewer)
    send(client, pair, "approve")
    assert "You have approved" in shown(client, pair)
    pair.refresh_from_db()
    assert pair.status == Status.SUBMITTED


# Another category


def change(client, registration, category, **values):
    data = {"category": category.pk, "reason": "An observer.", "seen": registration.delegation.category_id}
    return client.post(to(registration, "category"), {**data, **values})


@pytest.fixture
def observers(meeting):
    return CategoryFactory(meeting=meeting, name="Observers", kinds=["state"])


def test_the_category_changes_and_the_history_keeps_why(client, reviewer, delegation, observers):
    me = RegistrationFactory(delegation=delegation)
    assert change(client, me, observers).url == to(me)
    assert "is in “Observers” now." in shown(client, me)
    me.refresh_from_db()
    assert (me.delegation.category, me.delegation.entity) == (observers, delegation.entity)
    event = me.events.get()
    assert (event.action, event.reason, event.by) == ("edited", "An observer.", reviewer)


def test_only_open_categories_of_this_entity_are_offered(client, meeting, reviewer, delegation, observers):
    CategoryFactory(meeting=meeting, name="Closed", kinds=["state"], is_open=False)
    CategoryFactory(meeting=meeting, name="For NGOs", kinds=["ngo"])
    CategoryFactory(meeting=meeting, name="The young", kinds=["state"], for_children=True, listing="number")
    CategoryFactory(name="Elsewhere", kinds=["state"])
    me = RegistrationFactory(delegation=delegation)
    assert client.get(to(me)).context["categories"] == [observers]
    gone = RegistrationFactory(delegation=delegation, status=Status.WITHDRAWN)
    assert client.get(to(gone)).context["categories"] == []


def test_a_refused_change_of_category_loses_nothing(client, reviewer, delegation, observers):
    me = RegistrationFactory(delegation=delegation)
    response = change(client, me, observers, reason=" ")
    text = response.content.decode()
    assert response.status_code == 422 and "Say why: it stands in the history." in text
    assert f'value="{observers.pk}" selected' in text
    response = change(client, me, delegation.category)
    text = response.content.decode()
    assert response.status_code == 422 and "no longer open to them" in text and "An observer." in text


def test_who_saw_another_category_is_told(client, reviewer, delegation, observers):
    me = RegistrationFactory(delegation=delegation)
    change(client, me, observers)
    shown(client, me)
    change(client, me, observers)  # the page still had the old one
    assert "is in “Observers” by now." in shown(client, me)
    assert me.events.count() == 1


def test_a_full_category_says_so(client, reviewer, delegation, observers):
    observers.quota = 0
    observers.save()
    me = RegistrationFactory(delegation=delegation)
    change(client, me, observers)
    me.refresh_from_db()
    assert me.delegation == delegation
    assert "undo--warning" in shown(client, me)
