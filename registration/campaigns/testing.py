"""A message to many, sent to its writer alone."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from meeting.models import User

from ..mail import outbox
from ..mail.rendering import one_line
from ..models import Campaign, OutgoingMail, Urgency
from . import preview, words
from .preview import Sample


@transaction.atomic
def send(campaign: Campaign, sample: Sample, *, to: User) -> OutgoingMail:
    """As its reader would get it, but without the reader's private link: that is theirs alone."""
    meeting, message = campaign.meeting, sample.message
    link = f"{settings.SITE_URL}{meeting.get_absolute_url()}"
    mail = OutgoingMail.objects.create(
        key=f"campaign-test-{campaign.pk}-{uuid.uuid4()}",
        meeting=meeting,
        kind=words.kind_name(campaign.audience),
        to=to.email,
        reply_to=meeting.contact_email,
        language=sample.language,
        urgency=Urgency.AT_ONCE,
        subject=one_line(_("[Test] %(subject)s") % {"subject": message.subject}),
        text=preview.without_keys(message.text, link),
        html=preview.without_keys(message.html, link),
    )
    outbox.announce(mail.pk)
    return mail
