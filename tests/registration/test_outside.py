"""Until a decision can no more be undone, nobody outside knows of it: own page, workspace, overview, history."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from meeting.models import Role
from registration import status_page, workflow
from registration.focal import mine
from registration.models import (
    AccessKey,
    Channel,
    ChildRecord,
    LetterName,
    OutgoingMail,
    Pairing,
    Registration,
    Status,
)
from registration.outside import as_told, events_told
from tests.factories import (
    CategoryFactory,
    ChildFactory,
    ChildRecordFactory,
    DelegationFactory,
    LetterFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
)
from tests.registration.roster.conftest import at, look_after

pytestmark = pytest.mark.django_db
SECRET = "The note verbale names another person."


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr("registration.mail.broker.publisher.send_mail", lambda pk: None)


@pytest.fixture
def meeting():
    return MeetingFactory(decision_grace_minutes=5)


@pytest.fixture
def delegation(meeting):
    return DelegationFactory(category=CategoryFactory(meeting=meeting))


@pytest.fixture
def suda(meeting):
    return StaffRoleFactory(meeting=meeting, role=Role.REVIEWER, user__name="Suda P.").user


def came(delegation, status=Status.SUBMITTED, **values):
    one = RegistrationFactory(delegation=delegation, status=Status.DRAFT, **values)
    workflow.submit(one.pk, even_if_closed=True)
    if status == Status.APPROVED:
        Registration.objects.filter(pk=one.pk).update(status=status)
    one.refresh_from_db()
    return one


def time_passes(registration):
    Registration.objects.filter(pk=registration.pk).update(quiet_until=timezone.now() - datetime.timedelta(seconds=1))


DECISIONS = {
    "approve": (lambda r, by: workflow.approve(r.pk, by=by), "You are approved", "Approved by the organisers"),
    "reject": (lambda r, by: workflow.reject(r.pk, by=by, reason=SECRET), SECRET, "Rejected by the organisers"),
    "return": (
        lambda r, by: workflow.return_for_correction(r.pk, by=by, reason=SECRET, fields=["letter"]),
        SECRET,
        "Returned for correction by the organisers",
    ),
    "waitlist": (
        lambda r, by: workflow.put_on_waiting_list(r.pk, by=by, reason=SECRET),
        SECRET,
        "Put on the waiting list by the organisers",
    ),
}


def own_page(client, registration):
    response = client.get(reverse("private:page", args=[AccessKey.objects.issue(registration)]))
    return response.content.decode(), [words for _event, words in response.context["events"]]


@pytest.mark.parametrize("decision", DECISIONS)
def test_the_own_page_says_nothing_while_it_is_quiet_and_all_of_it_after(client, delegation, suda, decision):
    decide, told, line = DECISIONS[decision]
    one = came(delegation)
    decide(one, suda)
    quiet, lines = own_page(client, one)
    assert "We have your registration" in quiet and "pill--submitted" in quiet
    assert told not in quiet and lines == ["Submitted by you"]
    time_passes(one)
    loud, lines = own_page(client, one)
    assert told in loud and "We have your registration" not in loud
    assert lines == [line, "Submitted by you"]


def test_taken_back_is_told_with_the_reason_after_its_time(client, delegation, suda):
    one = came(delegation)
    workflow.approve(one.pk, by=suda)
    workflow.send_message_now(one.outgoing_mails.get(kind="approved").pk, by=suda)
    workflow.un_approve(one.pk, by=suda, reason=SECRET)
    quiet, lines = own_page(client, one)
    assert "You are approved" in quiet and SECRET not in quiet and len(lines) == 2
    time_passes(one)
    loud, lines = own_page(client, one)
    assert "Your approval was taken back" in loud and SECRET in loud
    assert lines[0] == "Approval taken back by the organisers"


def test_what_was_never_told_leaves_no_trace_in_the_history(client, delegation, suda):
    one = came(delegation)
    workflow.approve(one.pk, by=suda)
    workflow.undo(one.pk, event=one.events.last().pk, by=suda)
    workflow.approve(one.pk, by=suda)
    workflow.un_approve(one.pk, by=suda, reason=SECRET)
    page, lines = own_page(client, one)
    assert lines == ["Submitted by you"] and SECRET not in page and "We have your registration" in page


def test_what_the_organisers_do_among_themselves_is_not_told(client, delegation, suda):
    category = delegation.category
    category.two_approvals = True
    category.save()
    one = came(delegation)
    workflow.assign(one.pk, to=suda, by=suda)
    note = workflow.add_note(one.pk, text=SECRET, by=suda)
    workflow.remove_note(note.pk, by=suda)
    workflow.approve(one.pk, by=suda)
    mail = one.outgoing_mails.get()
    OutgoingMail.objects.filter(pk=mail.pk).update(not_before=timezone.now() + datetime.timedelta(hours=1))
    workflow.send_message_now(mail.pk, by=suda)
    workflow.stop_message(mail.pk, by=suda)
    OutgoingMail.objects.filter(pk=mail.pk).update(state="sent", sent_at=timezone.now())
    workflow.send_message_again(mail.pk, by=suda)
    one.refresh_from_db()
    assert [event.action for event in events_told(one)] == ["moved"]
    told = [status_page.told(event, "Suda P.", one.meeting) for event in one.events.all()]
    assert told[1:] == [
        "Given to Suda P. by Suda P.",
        "A note taken away by Suda P.",
        "Approved, as the first of two by Suda P.",
        "A message sent at once by Suda P.",
        "A message stopped before it left by Suda P.",
        "A message sent again by Suda P.",
    ]


def test_a_decision_sent_at_once_is_told_whatever_comes_after_it(delegation, suda):
    one = came(delegation)
    workflow.approve(one.pk, by=suda)
    workflow.send_message_now(one.outgoing_mails.get(kind="approved").pk, by=suda)
    workflow.withdraw(one.pk)
    one.refresh_from_db()
    assert [event.to_status for event in events_told(one)] == ["submitted", "approved", "withdrawn"]


def test_a_withdrawal_works_and_a_change_is_refused_calmly(client, delegation, suda, settings):
    one = came(delegation)
    workflow.reject(one.pk, by=suda, reason=SECRET)
    with pytest.raises(workflow.MoveNotAllowed) as refused:
        workflow.edit(one.pk, {"phone": "+66 2"}, by=None)
    assert "reject" not in str(refused.value).lower()
    workflow.withdraw(one.pk)
    page, lines = own_page(client, one)
    assert "Your registration is withdrawn" in page and SECRET not in page
    assert lines == ["Withdrawn by you", "Submitted by you"]


# The focal point


@pytest.mark.parametrize("decision", DECISIONS)
def test_the_workspace_and_its_row_say_nothing_while_it_is_quiet(client, delegation, suda, decision):
    decide, _told, _line = DECISIONS[decision]
    one = came(delegation, channel=Channel.ROSTER)
    look_after(client, delegation)
    decide(one, suda)
    for name, more in (("workspace", {}), ("row", {"reference": one.reference})):
        page = client.get(at(name, delegation, **more)).content.decode()
        assert "pill--submitted" in page and SECRET not in page
        assert not any(f"pill--{s}" in page for s in ("approved", "rejected", "returned", "waitlisted"))
    time_passes(one)
    page = client.get(at("row", delegation, reference=one.reference)).content.decode()
    one.refresh_from_db()
    assert f"pill--{one.status}" in page and (SECRET in page) == (decision != "approve")


def test_the_overview_counts_what_is_told(client, delegation, suda):
    one = came(delegation, channel=Channel.ROSTER)
    user = look_after(client, delegation)
    workflow.return_for_correction(one.pk, by=suda, reason=SECRET, fields=["letter"])
    (row,) = mine.looked_after(user)[0].rows
    assert (row.used, row.waiting) == (1, 0) and not any("returned" in task for task in row.tasks)
    time_passes(one)
    (row,) = mine.looked_after(user)[0].rows
    assert any("1 returned" in task for task in row.tasks)


def test_the_focal_point_withdraws_whoever_was_quietly_rejected(client, delegation, suda):
    one = came(delegation, channel=Channel.ROSTER)
    look_after(client, delegation)
    workflow.reject(one.pk, by=suda, reason=SECRET)
    client.post(at("act", delegation, reference=one.reference, code="withdraw"))
    one.refresh_from_db()
    assert one.status == Status.WITHDRAWN and one.quiet_until is None


@pytest.mark.parametrize("rows", [1, 3])
def test_what_is_quiet_costs_one_query_however_many_there_are(delegation, suda, rows, django_assert_num_queries):
    several = [came(delegation) for _n in range(rows)]
    for one in several:
        workflow.approve(one.pk, by=suda)
    found = list(Registration.objects.all())
    with django_assert_num_queries(1):
        as_told(found)
    assert {r.status for r in found} == {Status.SUBMITTED}
    assert all(r.status_since == one.status_since for r, one in zip(found, several, strict=True))


def test_where_nothing_is_quiet_nothing_is_asked(delegation, django_assert_num_queries):
    found = [came(delegation)]
    with django_assert_num_queries(0):
        as_told(found)


def test_the_file_of_a_child_says_nothing_while_it_is_quiet(client, delegation, meeting):
    lead = StaffRoleFactory(meeting=meeting, role=Role.SAFEGUARDING).user
    look_after(client, delegation)
    child = ChildFactory(delegation=delegation, status=Status.SUBMITTED)
    ChildRecordFactory(registration=child, state=ChildRecord.State.CLEARED, decided_by=lead, decided_at=timezone.now())
    workflow.approve(child.pk, by=lead)
    page = client.get(at("child", delegation, reference=child.reference)).content.decode()
    assert "pill--submitted" in page and "Cleared by the safeguarding lead" not in page
    time_passes(child)
    page = client.get(at("child", delegation, reference=child.reference)).content.decode()
    assert "pill--approved" in page and "Cleared by the safeguarding lead" in page


def test_a_name_on_the_letter_stays_paired_until_the_rejection_is_told(client, delegation, suda):
    one = came(delegation, display_name="Ana Tui")
    letter = LetterFactory(registration=None, delegation=delegation, meeting=delegation.meeting)
    name = LetterName(letter=letter, number=1, name="Ana Tui", registration=one, pairing=Pairing.MATCHED)
    name.decided_by, name.decided_at = suda, timezone.now()
    name.derive_key()
    name.save()
    look_after(client, delegation)
    workflow.reject(one.pk, by=suda, reason=SECRET)
    page = client.get(at("workspace", delegation)).content.decode()
    assert "rejected" not in page and SECRET not in page
    time_passes(one)
    assert "who is rejected now" in client.get(at("workspace", delegation)).content.decode()
