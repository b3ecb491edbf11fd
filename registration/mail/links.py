"""Private links in messages. The outbox stores a placeholder; the key is made when the message goes out."""

from django.conf import settings
from django.utils import timezone

from registration.models import AccessKey, OutgoingMail
from registration.models.registration import digest

# Stands in text and HTML alike, and says what it is to a person who reads the stored message.
PLACEHOLDER = "[[private link]]"


def wanted_by(mail: OutgoingMail) -> bool:
    return PLACEHOLDER in mail.text


def url(key: str) -> str:
    return f"{settings.SITE_URL}/r/{key}/"


def fill(body: str, key: str) -> str:
    return body.replace(PLACEHOLDER, url(key)) if key else body


def revoke(key: str) -> None:
    """Make a key worthless that nobody has received."""
    if key:
        AccessKey.objects.filter(digest=digest(key), revoked_at=None).update(revoked_at=timezone.now())
