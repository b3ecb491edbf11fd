"""The outbox: a message is a row first, written with the decision it tells of."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting

from .focal import Invitation
from .registration import Registration


class MailState(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    HELD = "held", _("Held until somebody looks")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    BOUNCED = "bounced", _("Came back")
    FAILED = "failed", _("Failed")
    STUCK = "stuck", _("Unclear: somebody must look")
    CANCELLED = "cancelled", _("Stopped before it left")


# The mail server has taken it; what comes after that is told by others, or never.
LEFT = (MailState.SENT, MailState.DELIVERED, MailState.BOUNCED)


class Urgency(models.IntegerChoices):
    """Who goes first where many wait."""

    AT_ONCE = 0, _("Somebody waits at a screen")
    USUAL = 1, _("Usual")
    MANY = 2, _("One of many")


# Taken and read in one statement, for which the ORM has no words. Whether the address works is asked of the row as it
# is when it is locked: whoever puts the address right at the same moment comes before this, or finds the row held.
CLAIM = """
UPDATE registration_outgoingmail AS mail
SET (state, held_for, claimed_at, attempts) = (
    SELECT CASE WHEN fails THEN 'held' ELSE 'sending' END,
           CASE WHEN fails THEN 'address' ELSE '' END,
           CASE WHEN fails THEN mail.claimed_at ELSE %(now)s END,
           CASE WHEN fails THEN mail.attempts ELSE mail.attempts + 1 END
    FROM (SELECT EXISTS (
        SELECT FROM registration_unreachableaddress AS bad WHERE bad.email = lower(mail."to")
        -- The wrong address of a delegate may be the right one of a colleague, who works with links sent there.
        AND (bad.why = 'bounced' OR mail.registration_id IS NOT NULL AND mail.focal_user_id IS NULL)
    ) AS fails) AS address)
WHERE mail.id = {which} AND mail.state = 'queued' AND mail.not_before <= %(now)s RETURNING mail.*
"""
CLAIM_ONE = CLAIM.format(which="%(pk)s")
# A fresh one is left alone where `left_for` says for how long, unless somebody waits for it: a worker was told of it.
CLAIM_NEXT = CLAIM.format(
    which="""(
    SELECT id FROM registration_outgoingmail WHERE state = 'queued' AND not_before <= %(now)s
    AND (attempts > 0 OR urgency = 0 OR least(created_at, not_before) <= %(before)s)
    ORDER BY urgency, not_before LIMIT 1 FOR UPDATE SKIP LOCKED)"""
)


class HeldFor(models.TextChoices):
    REVIEW = "review", _("Somebody is to read it first")
    ADDRESS = "address", _("The address does not work")


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self) -> OutgoingMailQuerySet:
        return self.filter(state=MailState.QUEUED, not_before__lte=timezone.now())

    def claim(self, pk: int) -> OutgoingMail | None:
        """Take one message for sending; None when it is not due, or is held now because its address does not work.

        The WHERE is the lock: of two workers one wins.
        """
        mail = next(iter(self.raw(CLAIM_ONE, {"pk": pk, "now": timezone.now()})), None)
        return mail if mail is None or mail._was_taken() else None

    def claim_next(self, *, left_for: datetime.timedelta = datetime.timedelta()) -> OutgoingMail | None:
        """The same for the message that is next: the most urgent, and of these the one that waits longest.

        What was written or came due less than `left_for` ago is left to the worker that was told of it; but no retry,
        and nothing that somebody waits for.
        """
        while True:
            now = timezone.now()
            mail = next(iter(self.raw(CLAIM_NEXT, {"now": now, "before": now - left_for})), None)
            if mail is None or mail._was_taken():
                return mail


class OutgoingMail(models.Model):
    """One rendered message to one person. `key` names the event it tells of, so that it can never be queued twice."""

    key = models.CharField(max_length=100, unique=True)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="outgoing_mails")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="outgoing_mails", null=True, blank=True)
    # Whose link the message carries, where it is not about one registration: a focal point's, or an invited entity's.
    focal_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", null=True, blank=True)
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="outgoing_mails", null=True, blank=True)
    kind = models.CharField(_("message"), max_length=40)
    to = models.EmailField(_("to"), max_length=254)
    reply_to = models.EmailField(_("answers go to"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=10)
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"))
    with_calendar = models.BooleanField(_("with the meeting as calendar file"), default=False)
    # Drawn anew for every attempt, and left out where it counts no more by then.
    letter = models.ForeignKey(
        "registration.IssuedLetter", models.SET_NULL, related_name="+", null=True, blank=True, verbose_name=_("letter")
    )
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Urgency.choices, default=Urgency.USUAL)
    # Servers slow us down by the domain they receive for.
    domain = models.GeneratedField(
        expression=Func(Lower("to"), Value("@"), Value(2), function="SPLIT_PART"),
        output_field=models.CharField(max_length=254),
        db_persist=True,
    )

    state = models.CharField(_("state"), max_length=10, choices=MailState.choices, default=MailState.QUEUED)
    held_for = models.CharField(_("why it is held"), max_length=8, choices=HeldFor.choices, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    claimed_at = models.DateTimeField(_("taken"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    settled_at = models.DateTimeField(_("delivered, or came back"), null=True, blank=True)
    last_error = models.TextField(_("last answer of the mail server"), blank=True)
    # What a provider calls it, where mail goes out through one that tells later what became of it.
    provider_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=LEFT, sent_at__isnull=False) | (~Q(state__in=LEFT) & Q(sent_at=None)),
                name="mail_sent_iff_sent_at",
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.HELD, held_for__in=HeldFor.values)
                | (~Q(state=MailState.HELD) & Q(held_for="")),
                name="mail_held_for_a_reason",
            ),
        ]
        indexes = [
            # The sweep: what waits, oldest first; the table is mostly sent mail.
            models.Index(fields=["not_before"], name="mail_waiting", condition=Q(state__in=["queued", "sending"])),
            # Which goes next.
            models.Index(fields=["urgency", "not_before"], name="mail_next", condition=Q(state="queued")),
            models.Index(fields=["meeting", "-created_at", "-id"], name="mail_of_meeting_newest"),
            models.Index(
                fields=["meeting", "state", "-created_at", "-id"],
                condition=Q(state__in=["queued", "held", "sending", "bounced", "failed", "stuck"]),
                name="mail_of_meeting_to_look_at",
            ),
            # Of one state, one kind, one domain, one address: what is rare is found without reading the rest.
            models.Index(
                fields=["meeting", "state", "-created_at", "-id"],
                condition=Q(state__in=["sent", "delivered", "cancelled"]),
                name="mail_of_meeting_over",
            ),
            models.Index(fields=["meeting", "kind", "-created_at", "-id"], name="mail_of_meeting_by_kind"),
            models.Index(fields=["meeting", "domain", "-created_at", "-id"], name="mail_of_meeting_by_domain"),
            models.Index(Lower("to"), name="mail_by_address"),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="mail_by_provider_id"),
            models.Index(Lower("to"), condition=Q(held_for="address"), name="mail_held_by_address"),
        ]

    def __str__(self) -> str:
        return self.subject

    def _was_taken(self) -> bool:
        """As the claim has left it: taken, or held for its address."""
        if self.state != MailState.SENDING:
            self.events.create(what=MailEvent.What.HELD)
        return self.state == MailState.SENDING


class MailEvent(models.Model):
    """What happened to one message beyond what its own columns tell: a failed attempt, a person's act, a report."""

    class What(models.TextChoices):
        TRIED = "tried", _("Not taken by the mail server")
        HELD = "held", _("Held")
        RELEASED = "released", _("Released")
        STOPPED = "stopped", _("Stopped")
        HURRIED = "hurried", _("Sent at once")
        AGAIN = "again", _("Put back into the queue")
        SETTLED = "settled", _("Taken as sent, on somebody’s word")
        REPEATED = "repeated", _("Sent once more, as a new message")
        READDRESSED = "moved", _("Goes to the new address")
        DELAYED = "delayed", _("Delayed on its way")
        DELIVERED = "delivered", _("Delivered")
        BOUNCED = "bounced", _("Came back")
        SEEN = "seen", _("Done with: it needs nobody any more")

    mail = models.ForeignKey(OutgoingMail, models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    what = models.CharField(max_length=10, choices=What.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    text = models.CharField(max_length=300, blank=True)  # the answer of a server, without anybody's address

    class Meta:
        verbose_name = _("event of a message")
        verbose_name_plural = _("events of messages")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["tried", "held", "released", "stopped", "hurried", "again", "settled", "repeated",
                                      "moved", "delayed", "delivered", "bounced", "seen"]),
                name="mail_event_known",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["-at"], condition=Q(what="tried"), name="mail_event_tried")]

    def __str__(self) -> str:
        return f"{self.mail_id} {self.what}"


class UnreachableAddress(models.Model):
    """An address to which nothing is sent until somebody puts it right, or says that it works again."""

    class Why(models.TextChoices):
        BOUNCED = "bounced", _("Messages to it came back")
        SAID_WRONG = "wrong", _("Its reader said that it is the wrong one")

    email = models.EmailField(_("email"), max_length=254, unique=True)  # small letters
    why = models.CharField(_("why"), max_length=8, choices=Why.choices)
    answer = models.CharField(_("answer of the mail server"), max_length=300, blank=True)
    since = models.DateTimeField(_("since"), default=timezone.now)
    mail = models.ForeignKey(OutgoingMail, models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("address that does not work")
        verbose_name_plural = _("addresses that do not work")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="unreachable_in_small_letters"),
            models.CheckConstraint(condition=Q(why__in=["bounced", "wrong"]), name="unreachable_why_known"),
        ]

    def __str__(self) -> str:
        return self.email


class DomainPace(models.Model):
    """How fast we may write to a domain whose servers asked us to slow down, or for which a pace was set by hand."""

    domain = models.CharField(_("domain"), max_length=254, primary_key=True)
    per_minute = models.PositiveIntegerField(
        _("messages a minute, at most"), null=True, blank=True, help_text=_("Empty: as its servers let us.")
    )
    gap = models.FloatField(_("seconds between two messages"), default=0)
    next_at = models.DateTimeField(_("the next one not before"), default=timezone.now)
    slowed_at = models.DateTimeField(_("asked us to slow down"), null=True, blank=True)

    class Meta:
        verbose_name = _("pace of a domain")
        verbose_name_plural = _("paces of domains")
        constraints = [
            models.CheckConstraint(condition=Q(domain=Lower("domain")), name="pace_in_small_letters"),
            models.CheckConstraint(condition=Q(gap__gte=0), name="pace_gap_not_negative"),
            models.CheckConstraint(condition=Q(per_minute=None) | Q(per_minute__gt=0), name="pace_is_some"),
        ]

    def __str__(self) -> str:
        return self.domain
