"""From a row of the outbox to the message that goes over the wire."""

import re
import time
from email.utils import formataddr, parseaddr
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.utils import translation

from meeting.models import Meeting
from registration.issuing import drawing
from registration.models import IssuedLetter, OutgoingMail

from . import calendar, identity, links, marks, stopping
from .rendering import one_line

MEETING_SECONDS = 10


def compose(mail: OutgoingMail, key: str) -> EmailMultiAlternatives:
    """`key` opens the reader's own page; the stored text only has a placeholder for it."""
    if len(f"{mail.to} {mail.reply_to}".splitlines()) > 1:
        raise BadHeaderError
    meeting = _meeting(mail.meeting_id, int(time.monotonic() / MEETING_SECONDS))
    with translation.override(mail.language):
        message = EmailMultiAlternatives(
            subject=mail.subject,
            body=links.fill(mail, mail.text, key),
            from_email=identity.return_path(mail) or sender(meeting),  # on the envelope; readers see the header below
            to=[mail.to],
            reply_to=[mail.reply_to] if mail.reply_to else None,
            headers={
                "From": sender(meeting),
                **marks.for_provider(mail),
                "Message-ID": message_id(mail),
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",  # what Exchange understands instead
                "Content-Language": mail.language,
                **_stopped_by(mail),
            },
        )
        message.attach_alternative(links.fill(mail, mail.html, key), "text/html")
        if mail.with_calendar:
            message.attach(calendar.attachment(meeting, mail.language))
        if mail.letter_id is not None:
            _attach_letter(message, mail.letter_id)
    return message


def _attach_letter(message: EmailMultiAlternatives, letter_id: int) -> None:
    """Drawn anew for each attempt. A letter that counts no more by now stays at home."""
    letter = IssuedLetter.objects.valid().filter(pk=letter_id).first()
    if letter is not None:
        message.attach(drawing.file_name(letter), drawing.draw(letter), "application/pdf")


def _stopped_by(mail: OutgoingMail) -> dict[str, str]:
    """The button that mail programs show for messages to many (RFC 2369 and 8058)."""
    address = stopping.url_to_stop(mail)
    if not address:
        return {}
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


@lru_cache(maxsize=32)
def _meeting(meeting_id: int, span: int) -> Meeting:
    """Read once in ten seconds: six languages make it the widest row there is, and 500 approvals are of one meeting."""
    return Meeting.objects.select_related("venue").get(pk=meeting_id)


def message_id(mail: OutgoingMail) -> str:
    """The same for every attempt at one row, so that servers and readers can tell a second copy."""
    return f"<{mail.pk}.{identity.in_headers(mail)}@{urlsplit(settings.SITE_URL).hostname}>"


def sender(meeting: Meeting) -> str:
    """Our address under the meeting's name: delegates know the meeting, not the software."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    # Without the characters by which filters recognise forged senders.
    known_as = one_line(re.sub(r'[@:;,"<>()\[\]\\]', " ", meeting.short_title))[:75]
    return formataddr((known_as or name, address), charset="utf-8")
