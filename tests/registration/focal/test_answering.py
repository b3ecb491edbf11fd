"""An invited entity answers by its link: who looks after its delegation, or that nobody comes."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from registration.focal import invitations, people
from registration.models import DelegationEvent, FocalPoint, Invitation, MailedKey, OutgoingMail
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation(delegation):
    delegation.meeting.registration_held_open = True
    delegation.meeting.save()
    return invitations.invite(delegation, email="mission@fiji.example", language="en", by=UserFactory(name="Ana"))


@pytest.fixture
def link(invitation):
    return reverse("focal:invitation", args=[MailedKey.objects.issue(invitation=invitation)])


def person(n, name, **over):
    values = {"email": f"{name.lower()}@mission.example", "name": name, "language": "en"} | over
    return {f"person{n}-{field}": value for field, value in values.items()}


def empty(n):
    return person(n, "", email="")


def answer(client, link, *persons):
    data = empty(0) | empty(1) | empty(2)
    for each in persons:
        data |= each
    return client.post(link, data, follow=True)


def events():
    return [(e.action, e.by, e.detail.get("what", "")) for e in DelegationEvent.objects.order_by("pk")]


def test_opening_the_link_changes_nothing(client, link, invitation, delegation):
    said = client.get(link).content.decode()
    for words in (delegation.name, delegation.meeting.title, delegation.category.name, "Sent for the organisers by"):
        assert words in said
    invitation.refresh_from_db()
    assert invitation.state == "sent"


def test_naming_a_focal_point_and_an_alternate(client, link, invitation, delegation):
    response = answer(client, link, person(0, "Litia"), person(1, "Alt"))
    assert "2 people are named" in response.content.decode()
    invitation.refresh_from_db()
    assert invitation.state == "answered"
    assert [(str(f.user), f.is_alternate, f.named_by) for f in FocalPoint.objects.all()] == [
        ("Litia", False, None),
        ("Alt", True, None),
    ]
    told = OutgoingMail.objects.filter(kind="focal_point_named")
    assert {mail.to for mail in told} == {"litia@mission.example", "alt@mission.example"}
    assert all(delegation.name in mail.text for mail in told)
    assert [action for action, by, _ in events()] == ["invited", "named", "named"]


def test_answering_again_adds(client, link):
    answer(client, link, person(0, "Litia"))
    answer(client, link, person(0, "Litia"), person(2, "Second"))
    assert [str(f.user) for f in FocalPoint.objects.all()] == ["Litia", "Second"]
    assert OutgoingMail.objects.filter(kind="focal_point_named").count() == 2


def test_somebody_has_to_be_named_the_first_time(client, link):
    said = answer(client, link, person(1, "Alt")).content.decode()
    assert "Write the email address" in said
    assert 'value="Alt"' in said
    assert not FocalPoint.objects.exists()
    FocalPoint.objects.all().delete()
    answer(client, link, person(0, "Litia"))
    assert "Write who looks after" in answer(client, link).content.decode()


def test_bad_rows_come_back_all_at_once(client, link):
    said = answer(client, link, person(0, "Litia", email="nonsense"), person(1, "Alt", email="")).content.decode()
    assert "Write the whole address" in said
    assert "Write the email address" in said
    assert not OutgoingMail.objects.filter(kind="focal_point_named").exists()


def test_nobody_comes_and_then_somebody_does(client, link, invitation):
    assert "nobody comes" in client.post(link, {"do": "decline"}, follow=True).content.decode()
    client.post(link, {"do": "decline"})
    invitation.refresh_from_db()
    assert invitation.state == "declined"
    client.post(link, {"do": "come"})
    answer(client, link, person(0, "Litia"))
    invitation.refresh_from_db()
    assert invitation.state == "answered"
    assert events()[1:3] == [("declined", None, ""), ("invited", None, "comes")]


def test_who_has_named_somebody_cannot_decline(client, link, invitation):
    answer(client, link, person(0, "Litia"))
    assert "You have named focal points" in client.post(link, {"do": "decline"}).content.decode()
    invitation.refresh_from_db()
    assert invitation.state == "answered"


def test_a_withdrawn_invitation_opens_nothing(client, link, invitation):
    invitations.withdraw(invitation.pk, by=UserFactory())
    assert client.get(link).status_code == 410
    assert answer(client, link, person(0, "Litia")).status_code == 410
    # A message that was still on its way when the invitation was withdrawn makes a key of its own.
    late = reverse("focal:invitation", args=[MailedKey.objects.issue(invitation=invitation)])
    assert client.get(late).status_code == 410
    assert not FocalPoint.objects.exists()


def test_an_old_link_gives_way_to_a_newer_invitation(client, link, invitation, delegation):
    client.post(link, {"do": "decline"})
    invitations.invite(delegation, email="other@fiji.example", language="en", by=UserFactory())
    assert "newer invitation" in client.post(link, {"do": "come"}).content.decode()


@pytest.mark.parametrize("key", ["made-up", "x" * 200])
def test_a_made_up_key_opens_nothing(client, db, key):
    assert client.get(f"/delegations/invitation/{key}/").status_code == 410


def test_a_key_to_sign_in_answers_no_invitation(client, litia, invitation):
    key = MailedKey.objects.issue(user=litia)
    assert client.get(reverse("focal:invitation", args=[key])).status_code == 410
    assert client.get(reverse("focal:enter", args=[key])).status_code == 200


def test_after_the_meeting_nothing_is_answered(client, link, delegation):
    meeting = delegation.meeting
    meeting.registration_held_open = False
    meeting.save()
    assert "The meeting is over" in client.get(link).content.decode()
    assert "The meeting is over" in answer(client, link, person(0, "Litia")).content.decode()
    assert not FocalPoint.objects.exists()


def test_a_link_cannot_flood_the_world_with_mail(client, link, delegation):
    for n in range(4):
        answer(client, link, *(person(k, f"P{n}{k}") for k in range(3)))
    assert FocalPoint.objects.count() <= people.MOST
    assert "look after this delegation" in answer(client, link, person(0, "More"), person(1, "Still")).content.decode()


def test_the_organisers_word_stands_in_the_message_as_text(delegation):
    invitation = invitations.invite(
        delegation, email="m@f.example", language="ar", note="<b>Bula</b>\nSee you", by=UserFactory()
    )
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to, mail.language, mail.invitation) == ("invitation", "m@f.example", "ar", invitation)
    assert "&lt;b&gt;Bula" in mail.html
    assert "<b>Bula</b>" in mail.text
    assert 'dir="rtl"' in mail.html


def test_a_language_alone_names_nobody(client, link):
    response = answer(client, link, person(0, "Litia"), {"person1-language": "fr"})
    assert FocalPoint.objects.count() == 1
    assert "1 person is named" in response.content.decode()


def test_an_answer_after_midnight_in_the_zone_of_the_meeting(delegation):
    meeting = delegation.meeting
    meeting.registration_held_open = False
    meeting.ends_on = timezone.now().astimezone(meeting.zone).date()
    assert invitations.why_over(meeting) == ""
    meeting.ends_on -= datetime.timedelta(days=1)
    assert invitations.why_over(meeting)


def test_only_one_invitation_is_open_at_a_time(delegation, invitation):
    with pytest.raises(invitations.Refused, match="invited already"):
        invitations.invite(delegation, email="x@f.example", language="en", by=UserFactory())
    assert Invitation.objects.count() == 1
