"""Approval is refused unless everything is there, and nobody opens the gate but the safeguarding lead."""

import datetime
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from meeting.models import AuditEntry, Role, User
from registration import workflow
from registration.models import ChildConsent, ChildRecord, OutgoingMail, Registration, Status
from registration.safeguarding import filing, gate, intake, leaving, media, papers, watch
from registration.workflow import MoveNotAllowed
from tests.factories import CategoryFactory, DelegationFactory, RegistrationFactory, StaffRoleFactory

from .conftest import BORN, GUARDIAN, LEGAL_NAME, chaperone_for, fill, give, row_of, typed

pytestmark = pytest.mark.django_db
Kind = ChildConsent.Kind


def test_an_empty_file_lacks_eight_papers_a_guardian_and_a_chaperone(record):
    said = gate.missing(record)
    assert len(said) == 11
    assert [s for s in said if s.startswith("Not given")] == [f"Not given: {kind.label}." for kind in Kind]
    assert "The guardian is not named." in said
    assert "It is not said how to reach the guardian." in said
    assert any(s.startswith("No chaperone") for s in said)


def test_a_whole_file_lacks_nothing(whole):
    assert gate.missing(whole) == []


@pytest.mark.parametrize("kind", Kind.values)
def test_without_any_one_paper_the_gate_stays_closed(record, focal, lead, kind):
    fill(record, focal, without=[kind, "guardian_name"] if kind == "guardian" else [kind])
    record.guardian_name, record.guardian_contact = GUARDIAN, "+51"
    record.save()
    filing.send(record.pk, by=focal)
    with pytest.raises(MoveNotAllowed) as refused:
        gate.clear(record.pk, by=lead)
    assert str(refused.value) == f"Not given: {Kind(kind).label}."
    assert row_of(record).status == Status.SUBMITTED
    assert ChildRecord.objects.get().state == "open"


@pytest.mark.parametrize("kind", Kind.values)
def test_a_withdrawn_paper_is_missing_and_its_file_is_destroyed(
    whole, focal, kind, settings, django_capture_on_commit_callbacks
):
    paper = whole.consents.get(kind=kind)
    with django_capture_on_commit_callbacks(execute=True):
        filing.take_back(whole.pk, kind, by=focal)
    assert gate.missing(whole) == [f"Not given: {Kind(kind).label}."]
    assert not (settings.MEDIA_ROOT / paper.file.name).exists()
    assert ChildConsent.objects.get(pk=paper.pk).withdrawn_at


@pytest.mark.parametrize(
    ("values", "able"),
    [
        ({}, True),
        ({"status": Status.APPROVED}, True),
        ({"status": Status.DRAFT}, False),
        ({"status": Status.WITHDRAWN}, False),
        ({"status": Status.REJECTED}, False),
        ({"status": Status.WAITLISTED}, False),
        ({"modality": "online"}, False),
        ({"role": "head"}, False),
        ({"role": "interpreter"}, False),
    ],
)
def test_a_chaperone_is_an_adult_who_comes_in_person_and_is_free(whole, values, able):
    whole.chaperones.set([chaperone_for(whole, **values)])
    assert (gate.missing(whole) == []) is able


def test_a_chaperone_is_of_the_sending_organisation(whole, meeting):
    category = CategoryFactory(meeting=meeting)
    whole.chaperones.set([RegistrationFactory(delegation=DelegationFactory(category=category))])
    assert gate.missing(whole) != []
    same_entity = DelegationFactory(category=category, entity=whole.came_from.entity)
    whole.chaperones.set([RegistrationFactory(delegation=same_entity)])
    assert gate.missing(whole) == []


def test_a_child_chaperones_no_child(whole, focal):
    other = intake.take_in(typed(whole.came_from), legal_name=LEGAL_NAME, birth_date=BORN, by=focal)
    filing.send(other.pk, by=focal)
    whole.chaperones.set([row_of(other)])
    assert gate.missing(whole) != []


def test_one_chaperone_looks_after_so_many_and_no_more(whole, focal, meeting):
    meeting.children_per_chaperone = 1
    meeting.save()
    other = intake.take_in(typed(whole.came_from), legal_name="Other Child", birth_date=BORN, by=focal)
    other.chaperones.set(whole.chaperones.all())
    whole.refresh_from_db()
    assert gate.missing(whole) == []  # a draft does not count
    filing.send(other.pk, by=focal)
    assert gate.missing(whole) == ["Every chaperone named looks after more than 1 child."]
    whole.chaperones.add(chaperone_for(whole))
    assert gate.missing(whole) == []


def test_the_rule_of_the_same_sex_is_a_setting_and_writes_no_sex(whole, lead, focal, meeting):
    meeting.same_sex_chaperone = True
    meeting.save()
    whole = ChildRecord.objects.get()
    assert gate.missing(whole) == ["It is not confirmed that a chaperone is of the child’s own sex."]
    with pytest.raises(MoveNotAllowed):
        gate.confirm_same_sex(whole.pk, by=focal)
    assert gate.missing(gate.confirm_same_sex(whole.pk, by=lead)) == []


def test_the_lead_clears_and_the_registration_is_approved(whole, lead, focal):
    gate.clear(whole.pk, by=lead)
    record, row = ChildRecord.objects.get(), row_of(whole)
    assert (record.state, record.decided_by, row.status) == ("cleared", lead, Status.APPROVED)
    told = OutgoingMail.objects.get(kind="approved")
    assert told.to == focal.email
    assert row.display_name in told.text


def test_clearing_twice_is_clearing_once(whole, lead):
    gate.clear(whole.pk, by=lead)
    gate.clear(whole.pk, by=lead)
    assert OutgoingMail.objects.filter(kind="approved").count() == 1


@pytest.mark.parametrize("role", [r for r in Role if r != Role.SAFEGUARDING])
def test_no_other_role_clears_refuses_or_asks(whole, meeting, role):
    somebody = StaffRoleFactory(meeting=meeting, role=role).user
    for act in (gate.clear, gate.refuse, gate.ask_for_more):
        with pytest.raises(MoveNotAllowed, match="Only the safeguarding lead"):
            act(whole.pk, by=somebody, **({} if act is gate.clear else {"reason": "No."}))
    assert row_of(whole).status == Status.SUBMITTED


def test_the_lead_of_another_meeting_clears_nothing(whole):
    with pytest.raises(MoveNotAllowed):
        gate.clear(whole.pk, by=StaffRoleFactory(role=Role.SAFEGUARDING).user)


def test_an_administrator_has_every_role_and_so_this_one(whole):
    root = User.objects.create_superuser("root@example.org", name="Root")
    gate.clear(whole.pk, by=root)
    assert AuditEntry.objects.filter(by=root, action=AuditEntry.Action.CHILD).exists()


def test_organisers_decide_nothing_about_a_child(whole, organiser):
    row = whole.registration
    with pytest.raises(MoveNotAllowed, match="safeguarding lead"):
        workflow.approve(row.pk, by=organiser)
    with pytest.raises(MoveNotAllowed, match="safeguarding lead"):
        workflow.reject(row.pk, by=organiser, reason="No.")
    with pytest.raises(MoveNotAllowed, match="safeguarding lead"):
        workflow.return_for_correction(row.pk, by=organiser, reason="Name?", fields=["given_names"])


def test_even_the_lead_cannot_approve_past_the_file(record, focal, lead):
    filing.send(record.pk, by=focal)
    with pytest.raises(MoveNotAllowed):
        workflow.approve(record.registration_id, by=lead)


def test_a_draft_is_not_cleared(record, focal, lead):
    fill(record, focal)
    with pytest.raises(MoveNotAllowed):
        gate.clear(record.pk, by=lead)
    assert ChildRecord.objects.get().state == "open"


def test_a_refusal_keeps_its_reason_sealed(whole, lead):
    reason = "The guardian’s signature is missing on page 2."
    gate.refuse(whole.pk, by=lead, reason=reason)
    row = row_of(whole)
    assert (row.status, ChildRecord.objects.get().reason) == (Status.REJECTED, reason)
    assert reason not in row.status_reason + "".join(row.events.values_list("reason", flat=True))
    assert reason not in OutgoingMail.objects.get(kind="rejected").text


def test_a_refusal_needs_a_reason(whole, lead):
    with pytest.raises(MoveNotAllowed, match="reason"):
        gate.refuse(whole.pk, by=lead, reason="  ")


def test_asking_for_more_returns_the_file_and_the_seat_is_kept(whole, lead, focal):
    gate.ask_for_more(whole.pk, by=lead, reason="A clearer scan, please.")
    row = row_of(whole)
    assert row.status == Status.RETURNED
    assert "clearer scan" not in row.status_reason
    assert ChildRecord.objects.get().reason == "A clearer scan, please."
    filing.send(whole.pk, by=focal)
    assert row_of(whole).status == Status.SUBMITTED


def test_whoever_was_refused_may_come_again_and_the_lead_looks_anew(whole, lead, focal):
    gate.refuse(whole.pk, by=lead, reason="No chaperone.")
    filing.send(whole.pk, by=focal)
    assert (row_of(whole).status, ChildRecord.objects.get().state) == (Status.SUBMITTED, "open")
    gate.clear(whole.pk, by=lead)
    assert row_of(whole).status == Status.APPROVED


# A clearing holds as long as what it rests on.


@pytest.fixture
def cleared(whole, lead):
    return gate.clear(whole.pk, by=lead)


@pytest.mark.parametrize("kind", Kind.values)
def test_a_withdrawn_paper_takes_the_clearing_with_it(cleared, focal, kind):
    filing.take_back(cleared.pk, kind, by=focal)
    assert (row_of(cleared).status, ChildRecord.objects.get().state) == (Status.SUBMITTED, "open")


def test_the_chaperone_who_does_not_come_raises_an_alert(cleared, lead, focal):
    workflow.withdraw(cleared.chaperones.get().pk)
    assert gate.look_at_all() == 1
    assert gate.look_at_all() == 0
    assert (row_of(cleared).status, ChildRecord.objects.get().state) == (Status.SUBMITTED, "open")
    told = OutgoingMail.objects.filter(kind="child_lapsed")
    assert set(told.values_list("to", flat=True)) == {"safe@example.org", lead.email, focal.email}


def test_a_second_lapse_is_told_again(cleared, lead, focal):
    for _ in range(2):
        filing.take_back(cleared.pk, Kind.TRAVEL, by=focal)
        give(cleared, Kind.TRAVEL, focal)
        gate.clear(cleared.pk, by=lead)
    assert OutgoingMail.objects.filter(kind="child_lapsed", to=focal.email).count() == 2


def test_a_chaperone_who_stays_changes_nothing(cleared):
    watch.watch()
    assert row_of(cleared).status == Status.APPROVED


def test_a_paper_replaced_keeps_the_clearing_and_one_file(cleared, focal, settings, django_capture_on_commit_callbacks):
    old = cleared.consents.get(kind=Kind.TRAVEL).file.name
    with django_capture_on_commit_callbacks(execute=True):
        give(cleared, Kind.TRAVEL, focal)
    assert row_of(cleared).status == Status.APPROVED
    assert not (settings.MEDIA_ROOT / old).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_one_clears(whole, lead, meeting):
    start, other = Barrier(2), StaffRoleFactory(meeting=meeting, role=Role.SAFEGUARDING).user

    def go(by):
        start.wait()
        gate.clear(whole.pk, by=by)
        connection.close()

    threads = [Thread(target=go, args=[by]) for by in (lead, other)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert row_of(whole).events.filter(to_status=Status.APPROVED).count() == 1


# Media: no photograph, no name, no recording.


@pytest.mark.parametrize("use", media.Use.values)
def test_nothing_is_allowed_unless_child_and_guardian_both_say_so(whole, focal, use):
    assert not media.allowed(whole, use)
    for said in ({"child": True}, {"guardian": True}, {"child": True, "guardian": "yes"}):
        whole.media = {use: said}
        assert not media.allowed(whole, use)
    whole.media = {use: {"child": True, "guardian": True}}
    assert media.allowed(whole, use)
    assert sum(yes for _label, yes in media.in_words(whole)) == 1


def test_less_counts_at_once_and_keeps_the_clearing(whole, lead, focal):
    everything = {use: {"child": True, "guardian": True} for use in media.Use.values}
    media.choose(whole, everything, by=focal)
    give(whole, Kind.MEDIA, focal)
    gate.clear(whole.pk, by=lead)
    record = ChildRecord.objects.get()
    assert media.allowed(record, "photo")
    media.choose(record, {}, by=focal)
    gate.look_again(record.pk)
    record = ChildRecord.objects.get()
    assert not media.allowed(record, "photo")
    assert record.state == "cleared"


def test_more_needs_a_newly_signed_choice(cleared, focal):
    assert media.choose(cleared, {"photo": {"child": True, "guardian": True}}, by=focal)
    gate.look_again(cleared.pk)
    record = ChildRecord.objects.get()
    assert gate.missing(record) == [f"Not given: {Kind.MEDIA.label}."]
    assert not media.allowed(record, "photo")
    assert record.state == "open"


def test_without_the_signed_paper_nothing_is_allowed(whole, focal):
    whole.media = {"photo": {"child": True, "guardian": True}}
    papers.take_back(whole.consents.get(kind=Kind.MEDIA))
    assert not media.allowed(ChildRecord(pk=whole.pk, media=whole.media), "photo")


# Leaving.


def test_a_child_withdraws_without_a_reason_and_leaves_no_trace_outside_the_file(cleared, focal, meeting, organiser):
    row = row_of(cleared)
    leaving.withdraw(cleared.pk, by=focal)
    row = row_of(cleared)
    assert (row.status, row.status_reason) == (Status.WITHDRAWN, "")
    assert not row.events.exists()
    assert not OutgoingMail.objects.filter(registration=row).exists()
    assert not Registration.objects.visible_to(organiser).filter(pk=row.pk).exists()
    assert ChildRecord.objects.get().legal_name == LEGAL_NAME


def test_the_same_where_another_screen_has_withdrawn_the_child(cleared, focal):
    workflow.withdraw(cleared.registration_id, by=focal)
    watch.watch()
    row = row_of(cleared)
    assert not row.events.exists()
    assert not OutgoingMail.objects.filter(registration=row).exists()
    assert ChildRecord.objects.get().state == "open"


def test_a_child_who_comes_back_is_cleared_anew(cleared, focal, lead):
    leaving.withdraw(cleared.pk, by=focal)
    filing.send(cleared.pk, by=focal)
    assert row_of(cleared).status == Status.SUBMITTED
    with pytest.raises(MoveNotAllowed):
        workflow.approve(cleared.registration_id, by=lead)
    gate.clear(cleared.pk, by=lead)
    assert row_of(cleared).status == Status.APPROVED


def test_a_withdrawal_frees_the_seat(cleared, focal, for_children):
    for_children.quota = 1
    for_children.save()
    waiting = RegistrationFactory(delegation=row_of(cleared).delegation, status=Status.WAITLISTED)
    leaving.withdraw(cleared.pk, by=focal)
    assert waiting.seat_offers.exists()


def test_today_is_what_the_age_of_a_paper_is_told_by(whole):
    assert whole.consents.first().recorded_at <= timezone.now()
    assert whole.consents.first().given_on == datetime.date(2008, 8, 1)
