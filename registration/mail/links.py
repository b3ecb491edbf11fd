"""Private links and codes in messages. The outbox stores a placeholder; the key is made when the message goes out."""

from django.conf import settings
from django.utils import timezone

from meeting.account.links import LIFETIMES, set_password_link
from meeting.models import User
from registration.models import AccessKey, ChangeCode, Invitation, MailedKey, OutgoingMail, Registration
from registration.models.key import digest

from .stopping import url_to_stop

# Stands in text and HTML alike, and says what it is to a person who reads the stored message.
PLACEHOLDER = "[[private link]]"
CODE = "[[code]]"
STOP = "[[link to stop these messages]]"
CODED = "change_code"  # the one kind of message with a code


def issue(mail: OutgoingMail) -> str:
    """A new key to what `mail` leads to, as the end of an address; or the digits of its code; empty without either.

    That is the page of a registration, the answer to an invitation, or a focal point's desk. A key to sign in with is
    made only now, so that its 20 minutes begin when the message goes out.
    """
    if mail.kind == CODED:  # not: where the text has the words, for a name may have them too
        return ChangeCode.objects.write(int(mail.key.rpartition("-")[2]))
    if PLACEHOLDER not in mail.text:
        return ""
    if mail.kind in LIFETIMES:
        return set_password_link(mail.focal_user, mail.kind).strip("/") if mail.focal_user else ""
    # Only numbers are needed, so nothing is read. Who reads in the place of the person gets no key to their page.
    if mail.focal_user_id is not None and mail.invitation_id is None:
        return f"delegations/enter/{MailedKey.objects.issue(user=User(pk=mail.focal_user_id))}"
    if mail.registration_id is not None:
        return f"r/{AccessKey.objects.issue(Registration(pk=mail.registration_id), mailed_to=mail.to)}"
    if mail.invitation_id is not None:
        return f"delegations/invitation/{MailedKey.objects.issue(invitation=Invitation(pk=mail.invitation_id))}"
    return ""


def url(path: str) -> str:
    return f"{settings.SITE_URL}/{path}/"


def fill(mail: OutgoingMail, body: str, path: str) -> str:
    if mail.kind == CODED:
        return body.replace(CODE, path)
    body = body.replace(STOP, url_to_stop(mail))
    return body.replace(PLACEHOLDER, url(path)) if path else body


def revoke(path: str) -> None:
    """Make a key worthless that nobody has received."""
    if path:
        hashed, now = digest(path.rpartition("/")[2]), timezone.now()
        AccessKey.objects.filter(digest=hashed, revoked_at=None).update(revoked_at=now)
        MailedKey.objects.filter(digest=hashed, revoked_at=None).update(revoked_at=now)
