"""Edits and proposals: what goes through at once, what waits, and what is refused."""

import pytest

from registration import workflow
from registration.mail import outbox
from registration.models import (
    AccessKey,
    ChangeCode,
    ChangeProposal,
    OutgoingMail,
    RegistrationEvent,
    SeatOffer,
    Status,
)
from tests.factories import CategoryFactory, DelegationFactory, LetterFactory, RegistrationFactory, UserFactory

pytestmark = pytest.mark.django_db
Action = RegistrationEvent.Action


@pytest.fixture
def organiser():
    return UserFactory(name="Suda P.")


def actions(registration):
    return list(registration.events.values_list("action", flat=True))


def kinds():
    return list(OutgoingMail.objects.order_by("pk").values_list("kind", flat=True))


def test_a_draft_is_typed_without_a_history():
    me = RegistrationFactory(status=Status.DRAFT, unparsed={"birth_date": "x"})
    done = workflow.edit(me.pk, {"family_name": "Tora", "email": ""}, by=None)
    assert (set(done.applied), done.proposed, actions(me)) == ({"family_name", "email"}, {}, [])


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.RETURNED, Status.WAITLISTED])
def test_before_approval_all_goes_through_at_once(status):
    me = RegistrationFactory(status=status, role="adviser")
    done = workflow.edit(me.pk, {"role": "head", "phone": "+679 1", "department": ""}, by=None)
    me.refresh_from_db()
    assert (me.role, me.phone, done.proposed) == ("head", "+679 1", {})
    assert me.events.get().changes == {"role": ["adviser", "head"], "phone": ["", "+679 1"]}
    assert actions(me) == [Action.EDITED]


def test_names_and_keys_change_together():
    me = RegistrationFactory()
    workflow.edit(me.pk, {"display_name": "Zoë Zapp", "family_name": "Zapp"}, by=None)
    me.refresh_from_db()
    assert "zapp" in me.search_key


def test_after_approval_names_wait_and_the_rest_does_not(organiser):
    me = RegistrationFactory(status=Status.APPROVED, role="adviser", family_name="Tora")
    done = workflow.edit(me.pk, {"role": "head", "phone": "+679 1", "family_name": "Tora"}, by=None)
    me.refresh_from_db()
    assert (me.role, me.phone) == ("adviser", "+679 1")
    assert (done.applied, done.proposed) == ({"phone": ["", "+679 1"]}, {"role": ["adviser", "head"]})
    assert ChangeProposal.objects.get().changes == {"role": ["adviser", "head"]}
    assert actions(me) == [Action.EDITED, Action.PROPOSED]


def test_organisers_need_nobodys_word(organiser):
    me = RegistrationFactory(status=Status.APPROVED, role="adviser")
    done = workflow.edit(me.pk, {"role": "head"}, by=organiser, needs_word=False)
    assert (done.proposed, done.registration.role) == ({}, "head")


@pytest.mark.parametrize("status", [Status.REJECTED, Status.WITHDRAWN])
def test_nothing_changes_about_who_does_not_come(status):
    with pytest.raises(workflow.MoveNotAllowed, match=r"Bring .* back first"):
        workflow.edit(RegistrationFactory(status=status).pk, {"phone": "+679 1"}, by=None)


def test_the_second_of_two_is_shown_what_changed_and_nothing_is_written(organiser):
    me = RegistrationFactory(phone="+679 1", department="Health")
    seen = {"phone": "+679 1", "department": "Health"}
    workflow.edit(me.pk, {"phone": "+679 2"}, by=organiser, seen=seen)
    with pytest.raises(workflow.Conflict) as caught:
        workflow.edit(me.pk, {"phone": "+679 3", "department": "Finance"}, by=None, seen=seen)
    assert (caught.value.theirs, caught.value.by) == ({"phone": "+679 2"}, organiser)
    me.refresh_from_db()
    assert (me.phone, me.department) == ("+679 2", "Health")
    # Another field, or the very same words, are no quarrel.
    workflow.edit(me.pk, {"phone": "+679 2", "department": "Finance"}, by=None, seen=seen)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"email": ""}, "Write an email address"),
        ({"given_names": "", "family_name": ""}, "has no name yet"),
        ({"unparsed": {"birth_date": "31 February"}}, "cannot be understood"),
    ],
)
def test_what_the_database_would_refuse_is_told_in_words(values, told):
    me = RegistrationFactory()
    with pytest.raises(workflow.MoveNotAllowed, match=told):
        workflow.edit(me.pk, values, by=None)


def test_status_is_not_for_editing():
    with pytest.raises(ValueError, match="status"):
        workflow.edit(RegistrationFactory().pk, {"status": "approved"}, by=None)


# The category


@pytest.fixture
def two():
    """Two categories of one meeting, the second with one seat for each delegation."""
    first = CategoryFactory()
    return first, CategoryFactory(meeting=first.meeting, delegation_quota=1)


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.DRAFT])
def test_a_change_of_category_moves_the_person_with_the_letter(two, status):
    first, second = two
    me = RegistrationFactory(delegation=DelegationFactory(category=first), status=status, precedence=4)
    letter = LetterFactory(registration=me)
    workflow.edit(me.pk, {"category": second, "phone": "+679 1"}, by=None)
    me.refresh_from_db()
    letter.refresh_from_db()
    assert (me.delegation.category, me.precedence, me.phone) == (second, None, "+679 1")
    assert letter.delegation == me.delegation


def test_it_needs_a_seat_there_and_frees_one_here(two):
    first, second = two
    here = DelegationFactory(category=first, quota=1)
    there = DelegationFactory(category=second, entity=here.entity)
    taken = RegistrationFactory(delegation=there)
    me = RegistrationFactory(delegation=here)
    waiting = RegistrationFactory(delegation=here, status=Status.WAITLISTED)
    with pytest.raises(workflow.MoveNotAllowed, match="No seat is free for"):
        workflow.edit(me.pk, {"category": second, "phone": "+679 1"}, by=None)
    me.refresh_from_db()
    assert (me.delegation, me.phone) == (here, "")
    workflow.withdraw(taken.pk)
    workflow.edit(me.pk, {"category": second}, by=None)
    assert SeatOffer.objects.get().registration == waiting


def test_an_offer_stays_with_the_category_it_was_made_in(two):
    first, second = two
    here = DelegationFactory(category=first, quota=1)
    there = DelegationFactory(category=second, entity=here.entity)
    RegistrationFactory(delegation=there)
    seated = RegistrationFactory(delegation=here)
    me = RegistrationFactory(delegation=here, status=Status.WAITLISTED)
    next_one = RegistrationFactory(delegation=here, status=Status.WAITLISTED)
    workflow.withdraw(seated.pk)
    workflow.edit(me.pk, {"category": second}, by=None)
    assert SeatOffer.objects.get(registration=me).state == "withdrawn"
    assert SeatOffer.objects.get(state="open").registration == next_one


# Proposals


@pytest.fixture
def asked():
    me = RegistrationFactory(status=Status.APPROVED, role="adviser")
    workflow.edit(me.pk, {"role": "head"}, by=None)
    return ChangeProposal.objects.get()


def test_accepting_writes_it_and_tells_old_and_new(asked, organiser):
    me = workflow.accept_proposal(asked.pk, by=organiser)
    me.refresh_from_db()
    asked.refresh_from_db()
    assert (me.role, me.status, asked.state, asked.decided_by) == ("head", Status.APPROVED, "accepted", organiser)
    assert actions(me) == [Action.PROPOSED, Action.ACCEPTED]
    mail = OutgoingMail.objects.get()
    assert mail.kind == "change_accepted"
    assert "Role in the delegation: Representative (head of delegation) (before: Adviser)" in mail.text


def test_declining_needs_a_reason_and_leaves_all_as_it_was(asked, organiser):
    with pytest.raises(workflow.MoveNotAllowed, match="Give a reason"):
        workflow.decline_proposal(asked.pk, by=organiser, reason=" ")
    me = workflow.decline_proposal(asked.pk, by=organiser, reason="Not on the note.")
    assert (me.role, kinds()) == ("adviser", ["change_declined"])
    assert "Not on the note." in OutgoingMail.objects.get().text
    assert me.events.last().reason == "Not on the note."


def test_whoever_asked_can_take_it_back(asked):
    me = workflow.withdraw_proposal(asked.pk, by=None)
    assert (me.role, actions(me), kinds()) == ("adviser", [Action.PROPOSED, Action.TOOK_BACK], [])


@pytest.mark.parametrize("again", ["accept_proposal", "withdraw_proposal"])
def test_what_is_decided_is_decided(asked, organiser, again):
    workflow.decline_proposal(asked.pk, by=organiser, reason="Not on the note.")
    with pytest.raises(workflow.MoveNotAllowed, match="is declined already"):
        getattr(workflow, again)(asked.pk, by=organiser)


def test_a_second_wish_joins_the_first_and_nobody_accepts_it_unseen(asked, organiser):
    seen = asked.made_at
    workflow.edit(asked.registration_id, {"family_name": "Tora"}, by=None)
    assert set(ChangeProposal.objects.get().changes) == {"role", "family_name"}
    with pytest.raises(workflow.MoveNotAllowed, match="asked for something more meanwhile"):
        workflow.accept_proposal(asked.pk, by=organiser, seen=seen)


def test_a_wish_does_not_overwrite_what_organisers_wrote_since(asked, organiser):
    workflow.edit(asked.registration_id, {"role": "deputy"}, by=organiser, needs_word=False)
    with pytest.raises(workflow.MoveNotAllowed, match="has been changed by somebody else"):
        workflow.accept_proposal(asked.pk, by=organiser)


def test_a_wish_for_another_category_needs_a_seat_there(two, organiser):
    first, second = two
    here = DelegationFactory(category=first)
    taken = RegistrationFactory(delegation=DelegationFactory(category=second, entity=here.entity))
    me = RegistrationFactory(delegation=here, status=Status.APPROVED)
    workflow.edit(me.pk, {"category": second}, by=None)
    wish = ChangeProposal.objects.get()
    assert wish.changes == {"category": [first.code, second.code]}
    with pytest.raises(workflow.MoveNotAllowed, match="No seat is free"):
        workflow.accept_proposal(wish.pk, by=organiser)
    wish.refresh_from_db()
    assert wish.state == "open"
    workflow.withdraw(taken.pk)
    assert workflow.accept_proposal(wish.pk, by=organiser).delegation.category == second
    assert second.name in OutgoingMail.objects.latest("pk").text


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.WAITLISTED, Status.APPROVED, Status.RETURNED])
def test_links_sent_to_an_address_that_was_wrong_end_when_somebody_puts_it_right(client, status):
    registration = RegistrationFactory(email="stranger@example.org", status=status)
    key = AccessKey.objects.issue(registration)
    code = ChangeCode.objects.create(registration=registration)
    waiting = outbox.queue("submitted", registration, key="not-sent-yet")
    workflow.edit(registration.pk, {"email": "right@example.org"}, by=UserFactory())
    assert client.get(f"/r/{key}/").status_code == 404
    assert not ChangeCode.objects.filter(pk=code.pk).exists()
    waiting.refresh_from_db()
    assert waiting.to == "right@example.org"
    new = OutgoingMail.objects.exclude(pk=waiting.pk).values_list("kind", "to")
    assert list(new) == ([] if status == Status.RETURNED else [(status, "right@example.org")])


def test_who_changes_their_own_address_keeps_their_page(client):
    registration = RegistrationFactory()
    key = AccessKey.objects.issue(registration)
    workflow.edit(registration.pk, {"email": "new@example.org"}, by=None)
    assert client.get(f"/r/{key}/").status_code == 200
