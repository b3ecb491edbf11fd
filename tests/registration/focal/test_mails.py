"""What focal points and entities get by mail: in six languages, in text and HTML, with a link of their own."""

import datetime

import pytest
from django.conf import settings

from registration.focal import invitations, people, signing_in
from registration.mail import outbox
from registration.mail.links import PLACEHOLDER
from registration.models import FocalPoint, OutgoingMail
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, name in settings.LANGUAGES]


def sign_in(delegation, user, language):
    signing_in.send_link(user.email, language)


def named(delegation, user, language):
    day = datetime.date(2030, 1, 5)
    people.name_focal_point(
        delegation, email="new@m.example", name="阿部", active_from=day, active_to=day, language=language, by=user
    )


def ended(delegation, user, language):
    FocalPoint.objects.update(language=language)
    people.hand_over(FocalPoint.objects.get(user=user).pk, email="new@m.example", name="N", by=user)


def invited(delegation, user, language):
    delegation.quota = 7
    delegation.save()
    invitations.invite(delegation, email="new@m.example", language=language, note="Bula", by=user)


KINDS = {"sign_in": sign_in, "focal_point_named": named, "focal_point_ended": ended, "invitation": invited}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_message_in_each_language(litia, delegation, kind, language):
    KINDS[kind](delegation, litia, language)
    mail = OutgoingMail.objects.get(kind=kind)
    assert mail.language == language
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in mail.html
    assert (PLACEHOLDER in mail.text, PLACEHOLDER in mail.html) == (kind != "focal_point_ended",) * 2
    assert delegation.meeting.short_title in mail.subject
    assert "\n\n\n" not in mail.text
    if PLACEHOLDER in mail.text:
        assert mail.text.split(PLACEHOLDER)[1].startswith("\n\n")
    assert "{{" not in mail.subject + mail.text + mail.html
    if kind != "sign_in":
        assert delegation.name in mail.text


def test_a_message_about_leaving_carries_no_key(litia, delegation, sink):
    ended(delegation, litia, "en")
    outbox.deliver(OutgoingMail.objects.get(kind="focal_point_ended").pk)
    [message] = sink.messages
    text = message.get_body(("plain",)).get_content()
    assert "/enter/" not in text
    assert "N does it now." in text


def test_an_invitation_leads_to_its_answer(client, delegation, sink):
    invited(delegation, UserFactory(), "fr")
    outbox.deliver(OutgoingMail.objects.get().pk)
    [message] = sink.messages
    text = message.get_body(("plain",)).get_content()
    link = next(line for line in text.splitlines() if "/delegations/invitation/" in line)
    assert delegation.name in client.get(link.removeprefix(settings.SITE_URL)).content.decode()
