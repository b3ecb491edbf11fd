"""Private links in messages. The outbox stores a placeholder; the key is made when the message goes out."""

from django.conf import settings
from django.utils import timezone

from registration.models import AccessKey, OutgoingMail, Registration
from registration.models.registration import digest

# Stands in text and HTML alike, and says what it is to a person who reads the stored message.
PLACEHOLDER = "[[private link]]"


def issue(mail: OutgoingMail) -> str:
    """A new key to the page of whom `mail` is about; empty when it has no link."""
    if mail.registration_id is None or PLACEHOLDER not in mail.text:
        return ""
    # Only its number is needed, so it is not read.
    return AccessKey.objects.issue(Registration(pk=mail.registration_id))


def url(key: str) -> str:
    return f"{settings.SITE_URL}/r/{key}/"


def fill(body: str, key: str) -> str:
    return body.replace(PLACEHOLDER, url(key)) if key else body


def revoke(key: str) -> None:
    """Make a key worthless that nobody has received."""
    if key:
        AccessKey.objects.filter(digest=digest(key), revoked_at=None).update(revoked_at=timezone.now())
