"""The mailed link by which a focal point signs in: sent when asked for, good for 20 minutes, used up by signing in."""

from __future__ import annotations

import datetime
import time
import uuid

from django.db import transaction
from django.utils import timezone

from meeting.models import Meeting, User

from ..mail import outbox
from ..models import FocalPoint, MailedKey, OutgoingMail

AT_MOST_AN_HOUR = 5
PAUSE = datetime.timedelta(minutes=1)
# Longer than it takes to write a message, so that the clock does not tell whether one was written.
ANSWER_SECONDS = 0.25


def send_link(email: str, language: str) -> None:
    """Mail a link to this address if it is a focal point's, and not too often. Nobody can see from outside which."""
    until = time.monotonic() + ANSWER_SECONDS
    _send_link(email, language)
    time.sleep(max(0.0, until - time.monotonic()))


@transaction.atomic
def _send_link(email: str, language: str) -> None:
    # Locked, so that of two requests at once the second sees the message of the first.
    user = User.objects.select_for_update(no_key=True).filter(email__iexact=email, is_active=True).first()
    meeting = newest_meeting_of(user) if user else None
    may = user is not None and meeting is not None and not _too_often(user)
    # For a stranger the same work is done, and undone.
    about = meeting or Meeting.objects.select_related("venue").order_by("-starts_on").first()
    if about is None:
        return
    with transaction.atomic():
        outbox.queue_to(
            "sign_in",
            key=f"sign-in-{uuid.uuid4().hex}",
            meeting=about,
            to=user.email if user else email,
            language=language,
            values={"name": str(user or email)},
            focal_user=user,
        )
        transaction.set_rollback(not may)


def newest_meeting_of(user: User) -> Meeting | None:
    """The latest meeting at which `user` looks after a delegation today."""
    around = FocalPoint.objects.active().filter(user=user).select_related("delegation__meeting__venue")
    found = around.order_by("-delegation__meeting__starts_on", "-pk").first()
    return found.delegation.meeting if found else None


def _too_often(user: User) -> bool:
    now = timezone.now()
    sent = OutgoingMail.objects.filter(
        kind="sign_in", focal_user=user, created_at__gt=now - datetime.timedelta(hours=1)
    )
    times = list(sent.order_by("-created_at").values_list("created_at", flat=True)[:AT_MOST_AN_HOUR])
    return len(times) == AT_MOST_AN_HOUR or bool(times and times[0] > now - PAUSE)


def opened_by(key: str) -> User | None:
    """Whom this key would sign in; None when it is used, too old, revoked or made up, or the account is closed."""
    found = MailedKey.objects.opening(key).filter(user__is_active=True).select_related("user").first()
    return found.user if found else None


def use_up(key: str) -> User | None:
    """Whom this key signs in, once: of two that come at the same time one gets the user and the other None."""
    # The update is the lock. It may look at the key's own row only: a second table would be read as it stood before.
    used = MailedKey.objects.opening(key).filter(user__isnull=False).update(used_at=timezone.now())
    if not used:
        return None
    return User.objects.filter(mailed_keys__in=MailedKey.objects.for_key(key), is_active=True).first()
