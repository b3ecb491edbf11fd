"""After sending: returned, sent again, withdrawn, replaced, back again."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from registration import workflow
from registration.models import (
    ChangeProposal,
    Channel,
    FocalPoint,
    OutgoingMail,
    Registration,
    RegistrationEvent,
    SeatOffer,
    Status,
    Typist,
)
from tests.factories import CategoryFactory, DelegationFactory, RegistrationFactory, UserFactory

pytestmark = pytest.mark.django_db
Action = RegistrationEvent.Action


@pytest.fixture
def organiser():
    return UserFactory(name="Suda P.")


def mails(registration):
    return list(OutgoingMail.objects.filter(registration=registration).order_by("pk").values_list("kind", flat=True))


def actions(registration):
    return list(registration.events.values_list("action", flat=True))


def newcomer(**values):
    """Somebody not yet saved who could stand in for another."""
    return Registration(
        **{
            "given_names": "Ana",
            "family_name": "Tora",
            "display_name": "Ana Tora",
            "functional_title": "Director",
            "email": "ana@example.org",
            "role": "adviser",
            "channel": Channel.ROSTER,
        }
        | values
    )


# Returned


def test_returning_names_the_fields_keeps_the_seat_and_tells_why(organiser):
    me = RegistrationFactory(delegation__quota=1)
    workflow.return_for_correction(me.pk, by=organiser, reason=" Blurred. ", fields=["letter", "role", "letter"])
    me.refresh_from_db()
    assert (me.status, me.status_reason, me.returned_fields) == (Status.RETURNED, "Blurred.", ["letter", "role"])
    assert not workflow.seat_is_free(me.delegation)
    mail = OutgoingMail.objects.get()
    assert mail.kind == "returned"
    assert "Blurred." in mail.text and "- Letter" in mail.text and "- Role in the delegation" in mail.text


@pytest.mark.parametrize(
    ("reason", "fields", "told"),
    [("  ", ["role"], "Say what is to be put right"), ("Blurred.", [], "Tick what is to be put right")],
)
def test_returning_without_a_reason_or_a_field_is_refused(organiser, reason, fields, told):
    me = RegistrationFactory()
    with pytest.raises(workflow.MoveNotAllowed, match=told):
        workflow.return_for_correction(me.pk, by=organiser, reason=reason, fields=fields)
    me.refresh_from_db()
    assert (me.status, mails(me)) == (Status.SUBMITTED, [])


@pytest.mark.parametrize("status", [Status.APPROVED, Status.REJECTED, Status.WITHDRAWN, Status.WAITLISTED])
def test_only_what_waits_is_returned(organiser, status):
    me = RegistrationFactory(status=status)
    with pytest.raises(workflow.MoveNotAllowed, match="cannot become returned"):
        workflow.return_for_correction(me.pk, by=organiser, reason="Blurred.", fields=["letter"])


def test_what_was_returned_is_sent_again_and_its_fields_are_forgotten(organiser):
    me = RegistrationFactory(submitted_at=timezone.now() - datetime.timedelta(days=3))
    workflow.return_for_correction(me.pk, by=organiser, reason="Blurred.", fields=["letter"])
    workflow.resubmit(me.pk)
    me.refresh_from_db()
    assert (me.status, me.status_reason, me.returned_fields) == (Status.SUBMITTED, "", [])
    assert mails(me) == ["returned", "submitted"]
    assert "Your corrected registration" in OutgoingMail.objects.latest("pk").text
    assert workflow.resubmit(me.pk).status == Status.SUBMITTED
    assert len(mails(me)) == 2


@pytest.mark.parametrize("status", [Status.APPROVED, Status.WAITLISTED, Status.REJECTED])
def test_nothing_else_is_sent_again(status):
    with pytest.raises(workflow.MoveNotAllowed, match="cannot become submitted"):
        workflow.resubmit(RegistrationFactory(status=status).pk)


# Withdrawn


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.RETURNED, Status.APPROVED, Status.WAITLISTED])
def test_whoever_still_comes_can_withdraw_and_twice_is_once(status):
    me = RegistrationFactory(status=status)
    workflow.withdraw(me.pk, reason=" Ill. ")
    workflow.withdraw(me.pk, reason="Again")
    me.refresh_from_db()
    assert (me.status, me.status_reason, mails(me)) == (Status.WITHDRAWN, "Ill.", ["withdrawn"])


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REJECTED])
def test_what_is_not_coming_cannot_withdraw(status):
    with pytest.raises(workflow.MoveNotAllowed, match="cannot become withdrawn"):
        workflow.withdraw(RegistrationFactory(status=status).pk)


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.RETURNED, Status.APPROVED])
def test_a_seat_that_is_given_up_is_offered(status):
    me = RegistrationFactory(delegation__quota=1, status=status)
    waiting = RegistrationFactory(delegation=me.delegation, status=Status.WAITLISTED)
    workflow.withdraw(me.pk)
    assert SeatOffer.objects.get().registration == waiting


def test_a_wish_ends_with_the_registration():
    me = RegistrationFactory(status=Status.APPROVED)
    wish = ChangeProposal.objects.create(registration=me, changes={"role": ["adviser", "head"]})
    workflow.withdraw(me.pk)
    wish.refresh_from_db()
    assert wish.state == "withdrawn"


# Back again


@pytest.mark.parametrize("status", [Status.REJECTED, Status.WITHDRAWN])
def test_whoever_went_can_come_back_to_a_free_seat(status):
    me = RegistrationFactory(status=status, endorsed_at=timezone.now(), endorsed_by=UserFactory())
    workflow.come_back(me.pk)
    me.refresh_from_db()
    assert (me.status, me.status_reason, me.endorsed_at) == (Status.SUBMITTED, "", None)
    assert mails(me) == ["submitted"]
    assert workflow.come_back(me.pk).status == Status.SUBMITTED
    assert len(mails(me)) == 1


def test_no_seat_was_kept_for_whoever_went():
    me = RegistrationFactory(status=Status.WITHDRAWN, delegation__quota=1)
    RegistrationFactory(delegation=me.delegation)
    assert workflow.come_back(me.pk).status == Status.WAITLISTED


def test_nobody_comes_back_when_registration_is_closed_but_through_the_organisers(organiser):
    me = RegistrationFactory(status=Status.WITHDRAWN, delegation__category__is_open=False)
    with pytest.raises(workflow.MoveNotAllowed, match="is closed"):
        workflow.come_back(me.pk)
    assert workflow.come_back(me.pk, by=organiser, even_if_closed=True).status == Status.SUBMITTED


def test_whoever_was_replaced_registers_anew():
    me = RegistrationFactory()
    workflow.substitute(me.pk, newcomer(), by=None)
    with pytest.raises(workflow.MoveNotAllowed, match="Another registration stands in the place"):
        workflow.come_back(me.pk)


def test_where_the_focal_point_types_nobody_comes_back_alone(organiser):
    me = RegistrationFactory(status=Status.WITHDRAWN, delegation__category__typist=Typist.FOCAL_POINT)
    with pytest.raises(workflow.MoveNotAllowed, match="the focal point registers everybody"):
        workflow.come_back(me.pk)
    assert workflow.come_back(me.pk, by=organiser).status == Status.SUBMITTED


# Replaced


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.RETURNED, Status.APPROVED])
def test_the_seat_passes_on_and_both_histories_point_at_each_other(organiser, status):
    old = RegistrationFactory(status=status, delegation__quota=1, precedence=3)
    waiting = RegistrationFactory(delegation=old.delegation, status=Status.WAITLISTED)
    new = workflow.substitute(old.pk, newcomer(), by=organiser)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.status, new.status, new.replaces, new.precedence) == (Status.WITHDRAWN, Status.SUBMITTED, old, 3)
    assert old.events.get(action=Action.SUBSTITUTED).changes == {"registration": new.reference}
    assert new.events.get(action=Action.SUBSTITUTES).changes == {"registration": old.reference}
    assert (mails(old), mails(new), mails(waiting)) == (["replaced"], ["submitted"], [])
    assert SeatOffer.objects.count() == 0


def test_the_place_in_line_and_the_open_offer_pass_on(organiser):
    seated = RegistrationFactory(delegation__quota=1)
    since = timezone.now() - datetime.timedelta(days=2)
    old = RegistrationFactory(delegation=seated.delegation, status=Status.WAITLISTED, status_since=since)
    workflow.withdraw(seated.pk)
    new = workflow.substitute(old.pk, newcomer(), by=organiser)
    new.refresh_from_db()
    assert (new.status, new.status_since) == (Status.WAITLISTED, since)
    assert SeatOffer.objects.get(state="open").registration == new
    assert mails(new) == ["seat_offered"]
    assert workflow.accept_offer(new.pk).status == Status.SUBMITTED


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REJECTED, Status.WITHDRAWN])
def test_nobody_takes_the_place_of_who_does_not_come(organiser, status):
    old = RegistrationFactory(status=status)
    with pytest.raises(workflow.MoveNotAllowed):
        workflow.substitute(old.pk, newcomer(), by=organiser)
    assert Registration.objects.count() == 1


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ({"given_names": "", "family_name": ""}, "has no name yet"),
        ({"email": ""}, "Write an email address"),
        ({"unparsed": {"birth_date": "31 February"}}, "cannot be understood yet"),
    ],
)
def test_who_is_not_complete_takes_nobodys_place(organiser, missing, told):
    old = RegistrationFactory()
    with pytest.raises(workflow.MoveNotAllowed, match=told):
        workflow.substitute(old.pk, newcomer(**missing), by=organiser)
    old.refresh_from_db()
    assert (old.status, Registration.objects.count(), mails(old)) == (Status.SUBMITTED, 1, [])


def test_a_child_takes_nobodys_place(organiser):
    old = RegistrationFactory()
    today = timezone.now().date()
    with pytest.raises(workflow.MoveNotAllowed, match="Nobody under 18"):
        workflow.substitute(old.pk, newcomer(birth_date=today - datetime.timedelta(days=365 * 12)), by=organiser)
    assert Registration.objects.count() == 1


# The word of the focal point


@pytest.fixture
def endorsed():
    return DelegationFactory(category=CategoryFactory(typist=Typist.ENDORSED))


def test_where_the_focal_point_endorses_nobody_is_approved_before(organiser, endorsed):
    me = RegistrationFactory(delegation=endorsed)
    with pytest.raises(workflow.MoveNotAllowed, match="waits for the word of the focal point"):
        workflow.approve(me.pk, by=organiser)
    focal = UserFactory(name="Vilisi T.")
    workflow.endorse(me.pk, by=focal)
    workflow.endorse(me.pk, by=organiser)
    me.refresh_from_db()
    assert (me.endorsed_by, actions(me)) == (focal, [Action.ENDORSED])
    assert workflow.approve(me.pk, by=organiser).status == Status.APPROVED


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REJECTED, Status.WITHDRAWN])
def test_who_does_not_come_is_not_endorsed(organiser, status):
    with pytest.raises(workflow.MoveNotAllowed, match="there is nothing to endorse"):
        workflow.endorse(RegistrationFactory(status=status).pk, by=organiser)


def test_what_the_focal_point_sends_is_endorsed_by_sending(endorsed):
    focal = FocalPoint.objects.create(delegation=endorsed, user=UserFactory(is_staff=False)).user
    draft = RegistrationFactory(delegation=endorsed, status=Status.DRAFT, channel=Channel.ROSTER)
    assert workflow.submit(draft.pk, by=focal).endorsed_by == focal
    assert workflow.substitute(draft.pk, newcomer(), by=focal).endorsed_by == focal


def test_what_an_organiser_sends_for_them_is_not(organiser, endorsed):
    draft = RegistrationFactory(delegation=endorsed, status=Status.DRAFT, channel=Channel.ROSTER)
    assert workflow.submit(draft.pk, by=organiser).endorsed_by is None


def test_where_the_focal_point_types_nobody_sends_alone():
    draft = RegistrationFactory(status=Status.DRAFT, delegation__category__typist=Typist.FOCAL_POINT)
    with pytest.raises(workflow.MoveNotAllowed, match="the focal point registers everybody"):
        workflow.submit(draft.pk)
    Registration.objects.update(channel=Channel.ROSTER)
    assert workflow.submit(draft.pk).status == Status.SUBMITTED


# What holds whatever the code does


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("registration_fields_named_only_while_returned", {"returned_fields": ["role"]}),
        ("registration_sent_is_understood", {"unparsed": {"birth_date": "31 February"}}),
        ("registration_can_be_reached", {"email": ""}),
        ("registration_endorsed_by_somebody", {"endorsed_at": timezone.now()}),
        ("registration_has_a_name", {"given_names": "", "family_name": ""}),
        ("registration_rejected_with_a_reason", {"status": Status.REJECTED, "status_reason": ""}),
    ],
)
def test_the_database_refuses_what_cannot_be(name, values):
    me = RegistrationFactory()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Registration.objects.filter(pk=me.pk).update(**values)


def test_one_offer_and_one_wish_at_a_time():
    me = RegistrationFactory(status=Status.WAITLISTED)
    later = timezone.now() + datetime.timedelta(days=1)
    SeatOffer.objects.create(registration=me, expires_at=later)
    ChangeProposal.objects.create(registration=me, changes={})
    with pytest.raises(IntegrityError, match="seat_offer_one_open_for_each"), transaction.atomic():
        SeatOffer.objects.create(registration=me, expires_at=later)
    with pytest.raises(IntegrityError, match="change_proposal_one_open_for_each"), transaction.atomic():
        ChangeProposal.objects.create(registration=me, changes={})


def test_what_is_answered_has_a_time_and_a_no_has_a_reason():
    me = RegistrationFactory(status=Status.WAITLISTED)
    with pytest.raises(IntegrityError, match="seat_offer_answered_iff_not_open"), transaction.atomic():
        SeatOffer.objects.create(registration=me, expires_at=timezone.now(), state="declined")
    with pytest.raises(IntegrityError, match="change_proposal_decided_iff_not_open"), transaction.atomic():
        ChangeProposal.objects.create(registration=me, changes={}, state="accepted")
    with pytest.raises(IntegrityError, match="change_proposal_declined_with_a_reason"), transaction.atomic():
        ChangeProposal.objects.create(registration=me, changes={}, state="declined", decided_at=timezone.now())
