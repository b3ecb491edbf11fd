"""When sending goes wrong somebody hears of it: once for each incident, once more each day, and when it is over.

What is wrong is read from the outbox itself, so that the desk and the command say it also where no worker runs and no
mail leaves. The mails about it go through the same outbox, before all others.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting.models import Meeting, Role, User
from registration.models import MailAlarm, MailEvent, MailState, OutgoingMail

from . import outbox
from .delivery import WORKER_GONE
from .verdict import OURS

What = MailAlarm.What
WINDOW = datetime.timedelta(minutes=15)
MANY, SHARE = 10, 0.5  # messages not taken in this time, and their part of all that were tried
LATE_AFTER = datetime.timedelta(minutes=15)  # of a message that is due
TOLD_AGAIN_AFTER = datetime.timedelta(days=1)
# What begins again so soon after it was over is the same incident.
SAME_WITHIN = datetime.timedelta(hours=1)

log = structlog.get_logger("placard.mail")


@dataclass(frozen=True)
class Wrong:
    """Something that is wrong now; of the whole installation where `meeting` is None."""

    what: What
    meeting: int | None
    count: int
    answer: str = ""

    @property
    def in_words(self) -> str:
        """A line for the desk, with what to do."""
        return _in_words(self)


def standing(meeting: Meeting | None = None) -> list[Wrong]:
    """What is wrong now, for this meeting and for all; without a meeting, everything. A few counts by index."""
    found = [*_refused(), *_failing(), *_late(), *_unclear()]
    return [wrong for wrong in found if meeting is None or wrong.meeting in (None, meeting.pk)]


def check() -> None:
    """Tell of what has begun, of what has lasted for another day, and of what is over. By beat."""
    now_wrong = {(wrong.what, wrong.meeting): wrong for wrong in standing()}
    for wrong in now_wrong.values():
        _note(wrong)
    for alarm in MailAlarm.objects.filter(over_at=None):
        if (alarm.what, alarm.meeting_id) not in now_wrong:
            _end(alarm)


def _refused() -> Iterable[Wrong]:
    refused = OutgoingMail.objects.filter(state=MailState.QUEUED, last_error__startswith=OURS)
    answers = list(refused.values_list("last_error", flat=True)[:1])
    if answers:
        yield Wrong(What.REFUSED, None, refused.count(), answers[0].removeprefix(OURS))


def _failing() -> Iterable[Wrong]:
    """Many of those that were tried of late were not taken. What was taken is counted only where many were not."""
    since = timezone.now() - WINDOW
    tried = MailEvent.objects.filter(what=MailEvent.What.TRIED, at__gt=since)
    tried = tried.exclude(text=WORKER_GONE).exclude(text__startswith=OURS)
    failed = tried.values("mail").distinct().count()
    if failed <= MANY:
        return
    taken = OutgoingMail.objects.filter(sent_at__gt=since).count()
    if failed > SHARE * (failed + taken):
        newest = tried.order_by("-at").values_list("text", flat=True)[0]
        yield Wrong(What.FAILING, None, failed, newest)


def _late() -> Iterable[Wrong]:
    due_before = timezone.now() - LATE_AFTER
    late = OutgoingMail.objects.filter(state=MailState.QUEUED, not_before__lt=due_before).count()
    if late:
        yield Wrong(What.LATE, None, late)


def _unclear() -> Iterable[Wrong]:
    stuck = OutgoingMail.objects.filter(state=MailState.STUCK).order_by()
    for meeting, count in stuck.values_list("meeting").annotate(n=Count("pk")):
        yield Wrong(What.UNCLEAR, meeting, count)


def _in_words(wrong: Wrong) -> str:
    n = wrong.count
    if wrong.what == What.REFUSED:
        text = _("The mail server does not accept us: %(answer)s. Nothing leaves until the settings are put right.")
        return text % {"answer": wrong.answer}
    if wrong.what == What.FAILING:
        text = ngettext(
            "%(n)d message was not taken in the last quarter of an hour. The last answer: %(answer)s",
            "%(n)d messages were not taken in the last quarter of an hour. The last answer: %(answer)s",
            n,
        )
        return text % {"n": n, "answer": wrong.answer}
    if wrong.what == What.LATE:
        return (
            ngettext(
                "%d message should have left long ago. Is the worker running?",
                "%d messages should have left long ago. Is the worker running?",
                n,
            )
            % n
        )
    return (
        ngettext(
            "Of %d message it is unclear whether it arrived. Somebody must look.",
            "Of %d messages it is unclear whether they arrived. Somebody must look.",
            n,
        )
        % n
    )


@transaction.atomic
def _note(wrong: Wrong) -> None:
    alarm = _incident(wrong)
    now = timezone.now()
    alarm.count, alarm.answer = wrong.count, wrong.answer[:300]
    if alarm.told_at is None or alarm.told_at < now - TOLD_AGAIN_AFTER:
        alarm.told_at = now
        log.error("mail alarm", what=wrong.what.value, meeting=wrong.meeting, count=wrong.count)
        _tell(alarm, wrong)
    alarm.save(update_fields=["count", "answer", "told_at", "over_at"])


def _incident(wrong: Wrong) -> MailAlarm:
    """The open one; else the last where it was over only a moment ago; else a new one. Locked."""
    ours = MailAlarm.objects.select_for_update().filter(what=wrong.what, meeting=wrong.meeting)
    recent = ours.filter(Q(over_at=None) | Q(over_at__gt=timezone.now() - SAME_WITHIN)).order_by("-began_at").first()
    if recent is None:
        about = Meeting.objects.filter(pk=wrong.meeting or 0).first()
        return MailAlarm.objects.get_or_create(what=wrong.what, meeting=about, over_at=None)[0]
    recent.over_at = None
    return recent


@transaction.atomic
def _end(alarm: MailAlarm) -> None:
    if MailAlarm.objects.filter(pk=alarm.pk, over_at=None).update(over_at=timezone.now()):
        log.info("mail alarm over", what=alarm.what, meeting=alarm.meeting_id)
        _tell(alarm, None)


def _tell(alarm: MailAlarm, wrong: Wrong | None) -> None:
    """To whoever can do something about it; that it is over, where nothing is wrong."""
    about = alarm.meeting or Meeting.objects.order_by("-starts_on").first()
    if about is None:
        return
    when = f"{'told' if wrong else 'over'}-{timezone.now().timestamp() * 1000:.0f}"
    for user in _whom(alarm, about):
        language = user.language or settings.LANGUAGE_CODE
        with translation.override(language):
            values = {
                "name": str(user),
                "is_over": wrong is None,
                "line": wrong.in_words if wrong else What(alarm.what).label,
                "link": f"{settings.SITE_URL}{reverse('admin:desk:outbox', args=[about.slug])}",
            }
        outbox.queue_to(
            "mail_alarm",
            key=f"mail-alarm-{alarm.pk}-{user.pk}-{when}",
            meeting=about,
            to=user.email,
            language=language,
            values=values,
        )


def _whom(alarm: MailAlarm, about: Meeting) -> list[User]:
    """The meeting's organisers; of the whole installation its administrators, or organisers where there are none."""
    able = User.objects.filter(is_active=True, is_staff=True).order_by("pk")
    organisers = able.filter(staff_roles__meeting=about, staff_roles__role=Role.ORGANISER).distinct()
    administrators = able.filter(is_superuser=True)
    return list(organisers) if alarm.meeting_id else list(administrators) or list(organisers)
