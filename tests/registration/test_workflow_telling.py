"""Who is told of what others do: a focal point asked to endorse, a person whose name, role or category was changed."""

import datetime

import pytest
from django.utils import timezone

from registration import workflow
from registration.mail.broker import publisher
from registration.models import FocalPoint, MailState, OutgoingMail, Status, Typist
from tests.factories import CategoryFactory, DelegationFactory, RegistrationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unannounced(monkeypatch):
    monkeypatch.setattr(publisher, "send_mail", lambda mail_id: None)


def mails(kind):
    return OutgoingMail.objects.filter(kind=kind).order_by("pk")


def waiting():
    return mails("changed").filter(state=MailState.QUEUED)


def endorsed_delegation():
    delegation = DelegationFactory(category__typist=Typist.ENDORSED, category__required_documents=[])
    focal_point = FocalPoint.objects.create(delegation=delegation, user=UserFactory(name="Vilisi T."), language="fr")
    return delegation, focal_point


def test_each_focal_point_is_asked_in_their_language_for_whom_they_did_not_send():
    delegation, focal_point = endorsed_delegation()
    draft = RegistrationFactory(delegation=delegation, status=Status.DRAFT, submitted_at=None)
    workflow.submit(draft.pk)
    mail = mails("endorsement_asked").get()
    assert (mail.to, mail.language, mail.focal_user) == (focal_point.user.email, "fr", focal_point.user)
    assert draft.display_name in mail.text and draft.display_name in mail.html
    assert draft.email not in mail.text + mail.html


def test_whoever_sends_a_registration_for_their_delegation_is_not_asked_for_it():
    delegation, focal_point = endorsed_delegation()
    draft = RegistrationFactory(delegation=delegation, status=Status.DRAFT, submitted_at=None)
    workflow.submit(draft.pk, by=focal_point.user)
    assert not mails("endorsement_asked").exists()


def test_a_person_is_told_once_of_what_somebody_corrects_field_by_field():
    person, organiser = RegistrationFactory(role="adviser", given_names="Salot"), UserFactory()
    workflow.edit(person.pk, {"role": "deputy"}, by=organiser, needs_word=False)
    workflow.edit(person.pk, {"given_names": "Salote"}, by=organiser, needs_word=False)
    workflow.edit(person.pk, {"role": "head"}, by=organiser, needs_word=False)
    mail = waiting().get()
    assert mail.to == person.email
    assert "Role in the delegation: Representative (head of delegation) (before: Adviser)" in mail.text
    assert "Given names: Salote (before: Salot)" in mail.text
    assert "Deputy" not in mail.text
    assert mail.not_before > timezone.now() + datetime.timedelta(minutes=9)
    assert mails("changed").filter(state=MailState.CANCELLED).count() == 2


def test_what_is_put_back_in_time_is_told_to_nobody():
    person, organiser = RegistrationFactory(role="adviser"), UserFactory()
    workflow.edit(person.pk, {"role": "head"}, by=organiser, needs_word=False)
    workflow.edit(person.pk, {"role": "adviser"}, by=organiser, needs_word=False)
    assert not waiting().exists()


def test_what_has_been_told_is_not_told_again():
    person, organiser = RegistrationFactory(role="adviser"), UserFactory()
    workflow.edit(person.pk, {"role": "deputy"}, by=organiser, needs_word=False)
    waiting().update(state=MailState.SENT, sent_at=timezone.now())
    workflow.edit(person.pk, {"role": "head"}, by=organiser, needs_word=False)
    assert "before: Deputy head of delegation" in waiting().get().text


def test_a_new_category_is_told_by_its_name():
    person = RegistrationFactory()
    other = CategoryFactory(meeting=person.meeting, name="Observers", represents=person.delegation.category.represents)
    workflow.edit(person.pk, {"category": other}, by=UserFactory(), needs_word=False)
    assert "Category: Observers" in waiting().get().text


@pytest.mark.parametrize(
    ("values", "by_themselves"),
    [({"phone": "+679 555 0142"}, False), ({"functional_title": "Minister"}, False), ({"role": "head"}, True)],
)
def test_small_things_and_ones_own_changes_make_no_message(values, by_themselves):
    person = RegistrationFactory(role="adviser")
    workflow.edit(person.pk, values, by=None if by_themselves else UserFactory(), needs_word=False)
    assert not mails("changed").exists()


@pytest.mark.parametrize("who", [{"on_behalf": True}, {"status": Status.DRAFT, "submitted_at": None}])
def test_whom_no_mail_may_reach_and_who_is_not_sent_yet_is_not_told(who):
    person = RegistrationFactory(role="adviser", **who)
    workflow.edit(person.pk, {"role": "head"}, by=UserFactory(), needs_word=False)
    assert not mails("changed").exists()
