"""The address by which somebody stops messages to many with one press, in a mail program or on a page (RFC 8058)."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from registration.models import OutgoingMail

KINDS = ("campaign", "campaign_focal")
_signer = signing.Signer(salt="registration.mail.stopping")


def url_to_stop(mail: OutgoingMail) -> str:
    """Works by GET (a page that asks) and by POST (done); empty where there is nothing to stop, and for a test."""
    if mail.kind not in KINDS or not (mail.registration_id or mail.focal_user_id):
        return ""
    return f"{settings.SITE_URL}{reverse('private:stop', args=[_signer.sign(str(mail.pk))])}"


def mail_of(token: str) -> OutgoingMail | None:
    """The message in which the address stood; None for one that somebody has made up."""
    try:
        number = int(_signer.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return OutgoingMail.objects.select_related("meeting").filter(pk=number, kind__in=KINDS).first()
