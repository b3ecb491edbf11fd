"""Who gets a letter, how it is numbered, and when it counts no more."""

import datetime
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from registration import workflow
from registration.issuing import issue as issuing
from registration.issuing.standing import CannotIssue
from registration.models import IssuedKind, IssuedLetter, LetterSetup, Modality, OutgoingMail, Status
from tests.factories import MeetingFactory, RegistrationFactory

from .conftest import approved, letter_for

Kind = IssuedKind
Why = IssuedLetter.Why


def test_a_letter_has_a_number_a_code_and_what_it_says(person, officer):
    letter = letter_for(person, Kind.INVITATION, by=officer)
    assert letter.printed_number == "EAP/2008/INV/0001"
    assert len(letter.code) == 26
    assert ["Name", "Ms. Litia Waqanisau"] in letter.snapshot["facts"]
    assert letter.snapshot["salutation"] == "Dear Ms. Litia Waqanisau,"
    assert person.events.get(action="letter").changes == {"letter": "EAP/2008/INV/0001"}


def test_asking_twice_gives_the_same_letter(person):
    assert letter_for(person) == letter_for(person)
    assert IssuedLetter.objects.count() == 1


def test_numbers_run_by_kind_and_languages_have_letters_of_their_own(person):
    numbers = [
        letter_for(person, kind, language).number
        for kind in (Kind.CONFIRMATION, Kind.INVITATION)
        for language in ("en", "fr")
    ]
    assert numbers == [1, 2, 1, 2]


@pytest.mark.parametrize("status", [s for s in Status if s not in (Status.APPROVED, Status.DRAFT)])
def test_only_those_who_are_approved_get_one(delegation, status):
    who = RegistrationFactory(delegation=delegation, **_as(status))
    with pytest.raises(CannotIssue, match="letters are for those who are approved"):
        letter_for(who)
    assert not LetterSetup.objects.filter(last_number__gt=0).exists()


def _as(status):
    return {"status": status} | ({"status_reason": "No letter"} if status == Status.REJECTED else {})


def test_a_decision_in_its_grace_period_is_told_by_no_letter(delegation, meeting, organiser):
    meeting.decision_grace_minutes = 5
    meeting.save()
    who = RegistrationFactory(delegation=delegation)
    workflow.approve(who.pk, by=organiser)
    with pytest.raises(CannotIssue, match="can still be undone"):
        letter_for(who)


def test_a_child_gets_none_and_is_not_named_in_the_answer(delegation):
    alias = "Participant Y12"
    child = approved(
        delegation=delegation, is_minor=True, display_name=alias, given_names=alias, family_name="", email="",
        functional_title="",
    )  # fmt: skip
    with pytest.raises(CannotIssue, match="safeguarding lead") as refusal:
        letter_for(child)
    assert alias not in str(refusal.value)


def test_whoever_is_born_less_than_18_years_before_gets_none_either(delegation):
    who = approved(delegation=delegation, birth_date=timezone.now().date() - datetime.timedelta(days=17 * 365))
    with pytest.raises(CannotIssue, match="under 18"):
        letter_for(who)


def test_a_certificate_waits_for_the_last_day_unless_the_organisers_say_so(person, meeting):
    meeting.starts_on = meeting.ends_on = timezone.now().astimezone(meeting.zone).date()
    meeting.save()
    with pytest.raises(CannotIssue, match="after the last day"):
        letter_for(person, Kind.CERTIFICATE)
    LetterSetup.objects.update_or_create(meeting=meeting, kind=Kind.CERTIFICATE, defaults={"before_the_end": True})
    assert letter_for(person, Kind.CERTIFICATE).number == 1


def test_a_letter_for_some_categories_is_for_those_alone(person, meeting):
    from tests.factories import CategoryFactory

    setup = LetterSetup.objects.create(meeting=meeting, kind=Kind.INVITATION)
    setup.categories.add(CategoryFactory(meeting=meeting))
    with pytest.raises(CannotIssue, match="not for that category"):
        letter_for(person, Kind.INVITATION)


def test_who_takes_part_online_needs_no_visa(delegation):
    who = approved(delegation=delegation, modality=Modality.ONLINE)
    with pytest.raises(CannotIssue, match="online"):
        letter_for(who, Kind.INVITATION)
    assert letter_for(who, Kind.CONFIRMATION)


@pytest.mark.parametrize(
    "leave",
    [
        lambda who, by: workflow.withdraw(who.pk),
        lambda who, by: workflow.un_approve(who.pk, by=by, reason="The letter was not signed"),
    ],
)
def test_whoever_is_approved_no_more_has_no_valid_letter(person, organiser, leave):
    letter = letter_for(person)
    leave(person, organiser)
    letter.refresh_from_db()
    assert not letter.is_valid
    assert letter.revoked_why == Why.STATUS
    assert person.events.filter(action="no_letter").count() == 1


def test_while_an_un_approval_can_be_undone_the_letter_tells_nothing_of_it(person, meeting, organiser):
    letter = letter_for(person)
    meeting.decision_grace_minutes = 5
    meeting.save()
    workflow.un_approve(person.pk, by=organiser, reason="Wrong person")
    letter.refresh_from_db()
    person.refresh_from_db()
    assert letter.is_valid
    assert letter.revoked_at == person.quiet_until
    event = workflow.can_be_undone(person)
    workflow.undo(person.pk, event=event.pk, by=organiser)
    letter.refresh_from_db()
    assert letter.is_valid and letter.revoked_at is None and letter.revoked_why == ""


def test_substitution_takes_the_letters_of_whoever_leaves(person):
    letter = letter_for(person)
    new = RegistrationFactory.build(delegation=person.delegation, meeting=person.meeting)
    workflow.substitute(person.pk, new, by=None)
    letter.refresh_from_db()
    assert not letter.is_valid


@pytest.mark.parametrize(
    ("change", "counts"), [({"display_name": "Litia W. Waqanisau"}, False), ({"phone": "+679 1"}, True)]
)
def test_a_letter_that_is_no_longer_true_counts_no_more(person, organiser, change, counts):
    letter = letter_for(person)
    workflow.edit(person.pk, change, by=organiser, needs_word=False)
    letter.refresh_from_db()
    assert letter.is_valid is counts
    assert letter.revoked_why == ("" if counts else Why.CHANGED)


def test_a_delegate_whose_change_is_accepted_needs_a_new_letter(person, organiser):
    letter = letter_for(person)
    workflow.edit(person.pk, {"display_name": "Litia Vuki"}, by=None)
    letter.refresh_from_db()
    assert letter.is_valid  # it is only asked for
    workflow.accept_proposal(person.proposals.get().pk, by=organiser)
    letter.refresh_from_db()
    assert not letter.is_valid
    new = letter_for(person)
    assert new.number == 2
    assert new.snapshot["to"][0] == "Ms. Litia Vuki"


def test_revoking_wants_a_reason_and_happens_once(person, organiser):
    letter = letter_for(person)
    with pytest.raises(CannotIssue, match="reason"):
        issuing.revoke(letter.pk, by=organiser, reason=" ")
    issuing.revoke(letter.pk, by=organiser, reason="Sent to the wrong person")
    with pytest.raises(CannotIssue, match="already"):
        issuing.revoke(letter.pk, by=organiser, reason="Again")
    letter.refresh_from_db()
    assert (letter.revoked_by, letter.reason) == (organiser, "Sent to the wrong person")


def test_a_new_letter_takes_the_place_of_the_old_one(person, organiser):
    old = letter_for(person, shared=True)
    new = issuing.issue_anew(old.pk, by=organiser)
    old.refresh_from_db()
    assert (old.revoked_why, new.number, new.is_shared) == (Why.REPLACED, 2, True)


def test_telling_somebody_writes_once_and_brings_the_letter(person, organiser):
    letter = letter_for(person, by=organiser, shared=True, tells=True)
    letter_for(person, by=organiser, shared=True, tells=True)
    mail = OutgoingMail.objects.get(kind="letter_ready")
    assert mail.letter == letter
    assert "Confirmation of registration" in mail.text


def test_what_our_fonts_lack_is_said_and_uses_up_no_number(delegation):
    who = approved(delegation=delegation, display_name="Litia 𐎀𐎁")
    with pytest.raises(CannotIssue, match=r"U\+10380"):
        letter_for(who)
    assert letter_for(approved(delegation=delegation)).number == 1


def test_the_database_keeps_one_valid_letter_and_one_of_each_number(person):
    letter = letter_for(person)
    for change in ({"number": 2}, {"language": "fr"}):  # the same language; the same number
        copy = IssuedLetter.objects.get(pk=letter.pk)
        copy.pk, copy.code = None, uuid.uuid4().hex[:26]
        for name, value in change.items():
            setattr(copy, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save()


def test_meetings_number_by_themselves(person):
    letter_for(person)
    other = RegistrationFactory(delegation__category__meeting=MeetingFactory(), status=Status.APPROVED)
    assert letter_for(other).number == 1
