"""What the organisers decide: two people's word, taking back, the waiting list they put somebody on, assigning."""

import pytest
from django.utils import timezone

from meeting.models import Role
from registration import workflow
from registration.models import (
    ChildRecord,
    FocalPoint,
    OutgoingMail,
    RegistrationEvent,
    ReviewedCategory,
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
    UserFactory,
)

pytestmark = pytest.mark.django_db
Action = RegistrationEvent.Action


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr("registration.mail.broker.publisher.send_mail", lambda pk: None)


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def suda(meeting):
    return StaffRoleFactory(meeting=meeting, role=Role.REVIEWER, user__name="Suda P.").user


@pytest.fixture
def anan(meeting):
    return StaffRoleFactory(meeting=meeting, role=Role.REVIEWER, user__name="Anan K.").user


def came(meeting, status=Status.SUBMITTED, *, two=False, quota=None, **values):
    category = CategoryFactory(meeting=meeting, two_approvals=two, name="Member States")
    return RegistrationFactory(delegation__category=category, delegation__quota=quota, status=status, **values)


def kinds(registration):
    return list(registration.outgoing_mails.order_by("pk").values_list("kind", flat=True))


def actions(registration):
    return list(registration.events.values_list("action", flat=True))


def again(registration):
    registration.refresh_from_db()
    return registration


# Two people's word


def test_the_first_word_leaves_the_status_and_tells_nobody(meeting, suda):
    one = came(meeting, two=True)
    workflow.approve(one.pk, by=suda)
    assert (again(one).status, one.first_approved_by, kinds(one)) == (Status.SUBMITTED, suda, [])
    assert actions(one) == [Action.FIRST_APPROVED]


def test_the_same_person_is_not_the_second(meeting, suda):
    one = came(meeting, two=True)
    workflow.approve(one.pk, by=suda)
    with pytest.raises(workflow.MoveNotAllowed, match="wants the word of a second person"):
        workflow.approve(one.pk, by=suda)
    assert again(one).status == Status.SUBMITTED


def test_another_person_completes_it(meeting, suda, anan):
    one = came(meeting, two=True)
    workflow.approve(one.pk, by=suda)
    workflow.approve(one.pk, by=anan)
    assert (again(one).status, one.first_approved_by, kinds(one)) == (Status.APPROVED, None, ["approved"])
    assert actions(one) == [Action.FIRST_APPROVED, Action.MOVED]


def test_where_one_word_is_enough_one_is_enough(meeting, suda):
    one = came(meeting)
    workflow.approve(one.pk, by=suda)
    assert again(one).status == Status.APPROVED


@pytest.mark.parametrize(
    ("change", "is_asked_again"), [({"display_name": "Somebody Else"}, True), ({"functional_title": "Head"}, False)]
)
def test_other_words_than_the_first_has_read_ask_the_first_again(meeting, suda, change, is_asked_again):
    one = came(meeting, two=True)
    workflow.approve(one.pk, by=suda)
    workflow.edit(one.pk, change, by=None)
    assert (again(one).first_approved_by is None) == is_asked_again


@pytest.mark.parametrize("move", ["reject", "return", "withdraw"])
def test_any_other_move_ends_the_first_word(meeting, suda, anan, move):
    one = came(meeting, two=True)
    workflow.approve(one.pk, by=suda)
    if move == "reject":
        workflow.reject(one.pk, by=anan, reason="No letter.")
    elif move == "return":
        workflow.return_for_correction(one.pk, by=anan, reason="Your letter.", fields=["letter"])
    else:
        workflow.withdraw(one.pk)
    assert again(one).first_approved_by is None and one.first_approved_at is None


def test_the_first_word_waits_while_the_last_decision_can_be_undone(meeting, suda, anan):
    meeting.decision_grace_minutes = 5
    meeting.save()
    one = came(meeting, two=True)
    workflow.put_on_waiting_list(one.pk, by=suda)
    with pytest.raises(workflow.MoveNotAllowed, match="can still be undone"):
        workflow.approve(one.pk, by=anan)


# Taking an approval back


def test_an_approval_is_taken_back_with_a_reason_and_told(meeting, suda):
    one = came(meeting, Status.APPROVED, quota=1)
    workflow.un_approve(one.pk, by=suda, reason="  The letter is of another person. ")
    assert (again(one).status, one.status_reason) == (Status.SUBMITTED, "The letter is of another person.")
    assert kinds(one) == ["unapproved"]
    assert "The letter is of another person." in one.outgoing_mails.get().text
    assert workflow.seats_used([one.delegation_id]) == {one.delegation_id: 1}, "the seat is kept"


def test_taking_back_needs_a_reason_and_an_approval(meeting, suda):
    one = came(meeting, Status.APPROVED)
    with pytest.raises(workflow.MoveNotAllowed, match="Give a reason"):
        workflow.un_approve(one.pk, by=suda, reason=" ")
    for status in (Status.WAITLISTED, Status.RETURNED, Status.WITHDRAWN):
        with pytest.raises(workflow.MoveNotAllowed, match="nothing to take back"):
            workflow.un_approve(came(meeting, status).pk, by=suda, reason="A slip.")


def test_what_was_never_told_is_taken_back_in_silence(meeting, suda):
    meeting.decision_grace_minutes = 5
    meeting.save()
    one = came(meeting)
    workflow.approve(one.pk, by=suda)
    workflow.un_approve(one.pk, by=suda, reason="A slip.")
    mail = one.outgoing_mails.get()
    assert (mail.kind, mail.state) == ("approved", "cancelled")
    assert (again(one).status, one.quiet_until, one.status_reason) == (Status.SUBMITTED, None, "")
    assert one.events.last().reason == "A slip.", "colleagues read it in the history"


def test_whoever_was_approved_can_be_approved_again(meeting, suda):
    one = came(meeting, Status.APPROVED)
    workflow.un_approve(one.pk, by=suda, reason="A slip.")
    workflow.approve(one.pk, by=suda)
    assert (again(one).status, one.status_reason, kinds(one)) == (Status.APPROVED, "", ["unapproved", "approved"])


# The waiting list of the organisers


def test_the_organisers_let_somebody_wait_and_the_seat_goes_to_the_next(meeting, suda):
    one = came(meeting, quota=1)
    waiting = RegistrationFactory(delegation=one.delegation, status=Status.WAITLISTED)
    workflow.put_on_waiting_list(one.pk, by=suda, reason=" Your State has many. ")
    assert (again(one).status, one.kept_waiting, one.status_reason) == (
        Status.WAITLISTED,
        True,
        "Your State has many.",
    )
    assert SeatOffer.objects.get().registration == waiting
    mail = one.outgoing_mails.get()
    assert mail.kind == "waitlisted" and "Your State has many." in mail.text and "They decide later" in mail.text


def test_no_seat_is_offered_by_itself_to_whoever_is_kept_waiting(meeting, suda):
    one = came(meeting, quota=5)
    workflow.put_on_waiting_list(one.pk, by=suda)
    workflow.offer_what_is_free()
    assert not SeatOffer.objects.exists()


def test_from_there_they_approve_into_a_free_seat_only(meeting, suda):
    one = came(meeting, quota=1)
    workflow.put_on_waiting_list(one.pk, by=suda)
    other = RegistrationFactory(delegation=one.delegation)
    with pytest.raises(workflow.MoveNotAllowed, match="no seat is free"):
        workflow.approve(one.pk, by=suda)
    workflow.withdraw(other.pk)
    workflow.approve(one.pk, by=suda)
    assert (again(one).status, one.kept_waiting) == (Status.APPROVED, False)


@pytest.mark.parametrize(
    "status", [s for s in Status if s not in (Status.SUBMITTED, Status.RETURNED)], ids=lambda s: s.value
)
def test_only_who_waits_for_a_decision_is_put_on_the_list(meeting, suda, status):
    one = came(meeting, status)
    with pytest.raises(workflow.MoveNotAllowed):
        workflow.put_on_waiting_list(one.pk, by=suda)
    assert again(one).status == status


def test_what_was_returned_can_be_put_on_the_list_and_names_no_fields_there(meeting, suda):
    one = came(meeting, Status.RETURNED, returned_fields=["letter"])
    workflow.put_on_waiting_list(one.pk, by=suda)
    assert again(one).returned_fields == []


# Whose it is, and the category


def test_it_is_given_to_who_may_decide_there_and_back_to_nobody(meeting, suda, anan):
    one = came(meeting)
    workflow.assign(one.pk, to=anan, by=suda)
    workflow.assign(one.pk, to=anan, by=suda)
    assert again(one).assigned_to == anan
    workflow.assign(one.pk, to=None, by=suda)
    assert again(one).assigned_to is None
    assert [e.changes["assigned_to"] for e in one.events.all()] == [["", "Anan K."], ["Anan K.", ""]]


def test_it_is_not_given_to_who_may_not_decide_there(meeting, suda, anan):
    one = came(meeting)
    lists = StaffRoleFactory(meeting=meeting, role=Role.LISTS).user
    gone = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER, user__is_active=False).user
    ReviewedCategory.objects.create(staff_role=anan.staff_roles.get(), category=CategoryFactory(meeting=meeting))
    for somebody in (lists, gone, UserFactory(), anan):
        with pytest.raises(workflow.MoveNotAllowed, match="does not decide on “Member States”"):
            workflow.assign(one.pk, to=somebody, by=suda)


def test_only_whoever_wrote_a_note_takes_it_away_and_the_history_keeps_that(meeting, suda, anan):
    one = came(meeting)
    note = workflow.add_note(one.pk, text="  Ask the mission.  ", by=suda)
    assert note.text == "Ask the mission."
    with pytest.raises(workflow.MoveNotAllowed):
        workflow.remove_note(note.pk, by=anan)
    workflow.remove_note(note.pk, by=suda)
    assert not one.notes.exists() and actions(one) == [Action.NOTE_REMOVED]
    assert "mission" not in str(one.events.get().changes) + one.events.get().reason
    with pytest.raises(workflow.MoveNotAllowed, match="Write something"):
        workflow.add_note(one.pk, text=" ", by=suda)


def test_the_category_changes_and_the_history_comes_along(meeting, suda):
    one = came(meeting, quota=1)
    workflow.return_for_correction(one.pk, by=suda, reason="Your letter.", fields=["letter"])
    new = CategoryFactory(meeting=meeting)
    workflow.change_category(one.pk, new, reason=" Observers send no letter. ", by=suda)
    assert again(one).delegation.category == new
    assert [e.reason for e in one.events.all()] == ["Your letter.", "Observers send no letter."]
    gone = came(meeting, Status.WITHDRAWN)
    with pytest.raises(workflow.MoveNotAllowed, match="so nothing can be changed"):
        workflow.change_category(gone.pk, new, reason="", by=suda)


# Children


def test_on_somebody_under_18_only_the_safeguarding_lead_decides(meeting, suda):
    lead = StaffRoleFactory(meeting=meeting, role=Role.SAFEGUARDING).user
    child = ChildFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)))
    record = ChildRecordFactory(registration=child)
    for move in (
        lambda by: workflow.approve(child.pk, by=by),
        lambda by: workflow.reject(child.pk, by=by, reason="No."),
        lambda by: workflow.return_for_correction(child.pk, by=by, reason="No.", fields=["sealed_file"]),
        lambda by: workflow.put_on_waiting_list(child.pk, by=by),
    ):
        with pytest.raises(workflow.MoveNotAllowed, match="under 18: the safeguarding lead decides"):
            move(suda)
    with pytest.raises(workflow.MoveNotAllowed, match="safeguarding lead decides first"):
        workflow.approve(child.pk, by=lead)
    ChildRecord.objects.filter(pk=record.pk).update(
        state=ChildRecord.State.CLEARED, decided_by=lead, decided_at=timezone.now()
    )
    workflow.approve(child.pk, by=lead)
    assert again(child).status == Status.APPROVED
    with pytest.raises(workflow.MoveNotAllowed, match="No notes are kept"):
        workflow.add_note(child.pk, text="A word.", by=lead)


def test_a_message_about_a_child_that_organisers_let_wait_names_nobody(meeting):
    lead = StaffRoleFactory(meeting=meeting, role=Role.SAFEGUARDING).user
    delegation = DelegationFactory(category=CategoryFactory(meeting=meeting))
    focal = FocalPoint.objects.create(delegation=delegation, user=UserFactory(is_staff=False)).user
    child = ChildFactory(delegation=delegation)
    ChildRecordFactory(registration=child)
    workflow.put_on_waiting_list(child.pk, by=lead)
    mail = OutgoingMail.objects.get()
    assert mail.to == focal.email and child.display_name in mail.text
