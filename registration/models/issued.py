"""Letters that the organisers issue: how they look, who got which, and those that are written for many at once."""

from __future__ import annotations

import datetime
import secrets
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting, Organiser, Role

from .delegation import Category
from .limits import known_to
from .registration import Registration

ISSUED_READERS = (Role.ORGANISER, Role.VISA, Role.AUDITOR)


class IssuedKind(models.TextChoices):
    CONFIRMATION = "confirmation", _("Confirmation of registration")
    INVITATION = "invitation", _("Invitation and visa support")
    CERTIFICATE = "certificate", _("Certificate of participation")


# In the number of a letter; the same in every language.
LETTERS_OF = {IssuedKind.CONFIRMATION: "REG", IssuedKind.INVITATION: "INV", IssuedKind.CERTIFICATE: "PAR"}


def picture_path(row: models.Model, filename: str) -> str:
    """A new name for every file: a letter that was issued with an earlier one is drawn with that."""
    return f"letterheads/{secrets.token_hex(2)}/{secrets.token_hex(16)}"


def batch_path(batch: LetterBatch, filename: str) -> str:
    return f"issued/{secrets.token_hex(2)}/{secrets.token_hex(16)}"


class Letterhead(models.Model):
    """The head of a meeting's letters: whose name, which lines under it, which mark beside it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="letterheads", verbose_name=_("meeting"))
    organiser = models.ForeignKey(
        Organiser,
        models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("organiser"),
        help_text=_("Empty: all organisers of the meeting, in their order."),
    )
    lines = models.TextField(
        _("lines under the name"), max_length=600, blank=True, help_text=_("Address, telephone, website: a line each.")
    )
    logo = models.FileField(_("logo"), upload_to=picture_path, max_length=250, blank=True)

    class Meta:
        verbose_name = _("letterhead")
        verbose_name_plural = _("letterheads")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "organiser"],
                name="letterhead_one_for_each_organiser",
                nulls_distinct=False,
                violation_error_message=_("This organiser has a letterhead already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.organiser or _("All organisers"))


class LetterSetup(models.Model):
    """How one kind of letter is issued at one meeting. Its row is the lock under which letters are numbered."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="letter_setups", verbose_name=_("meeting"))
    kind = models.CharField(_("letter"), max_length=12, choices=IssuedKind.choices)
    letterhead = models.ForeignKey(
        Letterhead, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name=_("letterhead")
    )
    signatory = models.CharField(_("signed by"), max_length=200, blank=True)
    signatory_title = models.CharField(_("title of the signatory"), max_length=200, blank=True)
    signature = models.FileField(_("picture of the signature"), upload_to=picture_path, max_length=250, blank=True)
    categories = models.ManyToManyField(
        Category, blank=True, related_name="+", verbose_name=_("for"), help_text=_("None ticked: for all categories.")
    )
    is_self_service = models.BooleanField(
        _("delegates and focal points take it themselves"),
        default=False,
        help_text=_("Otherwise it is there for them when you have issued it and told them."),
    )
    before_the_end = models.BooleanField(
        _("before the meeting is over"), default=False, help_text=_("Certificates usually follow after the last day.")
    )
    last_number = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["meeting", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "kind"], name="letter_setup_once"),
            models.CheckConstraint(condition=Q(kind__in=IssuedKind.values), name="letter_setup_kind_known"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class LetterBatch(models.Model):
    """One kind of letter for many: confirmed once, written row by row by whichever worker is there."""

    class Form(models.TextChoices):
        NONE = "", _("No file: they take their letters themselves")
        PDF = "pdf", _("One PDF to print")
        ZIP = "zip", _("A ZIP with a file for each")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="letter_batches")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # One looking at the selection, however often it is confirmed; also the last part of its address.
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=IssuedKind.choices)
    language = models.CharField(max_length=10, blank=True)  # of the letters; empty: each in the person's own
    in_language = models.CharField(max_length=10, default="en")  # of who asked: rows are answered in it
    tells = models.BooleanField(default=False)
    query = models.CharField(max_length=1000, blank=True)  # of the list it began in
    form = models.CharField(max_length=3, choices=Form.choices, blank=True)
    file = models.FileField(upload_to=batch_path, max_length=250, blank=True)
    file_made_at = models.DateTimeField(null=True, blank=True)
    drawn = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)  # no row waits any more
    ended_at = models.DateTimeField(null=True, blank=True)  # and the file that was asked for is there

    class Meta:
        verbose_name = _("letters for many")
        verbose_name_plural = _("letters for many")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=IssuedKind.values), name="letter_batch_kind_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(issued_at__isnull=False), name="letter_batch_issues_before_it_ends"
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(ended_at=None), name="letter_batch_unfinished"),
            models.Index(fields=["meeting", "-created_at"], name="letter_batch_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d %H:%M}"


class IssuedLetterQuerySet(models.QuerySet["IssuedLetter"]):
    def visible_to(self, user: Any) -> IssuedLetterQuerySet:
        """Letters of the meetings at which `user` issues or audits them."""
        known = known_to(user, "meeting", "registration__delegation__category")
        return self.filter(known, meeting__in=Meeting.objects.with_role(user, *ISSUED_READERS))

    def valid(self, now: datetime.datetime | None = None) -> IssuedLetterQuerySet:
        return self.filter(Q(revoked_at=None) | Q(revoked_at__gt=now or timezone.now()))

    def revoked(self, now: datetime.datetime | None = None) -> IssuedLetterQuerySet:
        return self.filter(revoked_at__lte=now or timezone.now())


class IssuedLetter(models.Model):
    """One letter to one person. Its PDF is drawn from `snapshot` whenever it is asked for, the same each time."""

    class Why(models.TextChoices):
        """Why a letter counts no more."""

        STATUS = "status", _("No longer approved")
        CHANGED = "changed", _("What it says has changed")
        REPLACED = "replaced", _("A new one was issued")
        BY_HAND = "by_hand", _("Revoked")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="issued_letters")
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="issued_letters")
    kind = models.CharField(_("letter"), max_length=12, choices=IssuedKind.choices)
    number = models.PositiveIntegerField(_("number"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    # Printed on the letter; opens nothing but the page that says whether it is genuine.
    code = models.CharField(_("code"), max_length=26, unique=True)
    snapshot = models.JSONField()
    # Whether the person and their focal points may take it.
    is_shared = models.BooleanField(default=False)
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("issued by"),
        help_text=_("Empty where the delegate took it."),
    )
    # May lie ahead: while a decision can be undone, nobody outside is told of it, and this would tell.
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    revoked_why = models.CharField(max_length=10, choices=Why.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = IssuedLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("issued letter")
        verbose_name_plural = _("issued letters")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "kind", "number"], name="issued_letter_number_once"),
            models.UniqueConstraint(
                fields=["registration", "kind", "language"],
                condition=Q(revoked_at=None),
                name="issued_letter_one_valid",
            ),
            models.CheckConstraint(condition=Q(kind__in=IssuedKind.values), name="issued_letter_kind_known"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_why="", reason="", revoked_by=None)
                | (Q(revoked_at__isnull=False) & ~Q(revoked_why="")),
                name="issued_letter_revoked_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("issued_at")),
                name="issued_letter_revoked_after_issue",
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="issued_letter_numbered_from_one"),
        ]
        indexes = [
            models.Index(fields=["meeting", "-issued_at", "-id"], name="issued_letter_newest"),
            models.Index(fields=["meeting", "kind", "-number"], name="issued_letter_by_number"),
        ]

    def __str__(self) -> str:
        return self.printed_number

    @property
    def printed_number(self) -> str:
        """EAP/2008/INV/0012, as it was printed."""
        return str(self.snapshot["number"]["text"])

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None or self.revoked_at > timezone.now()


class LetterRow(models.Model):
    """One person in a batch. A row leaves `waiting` in the transaction that issues its letter."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Issued")
        THERE = "there", _("Had it already")
        REFUSED = "refused", _("Not issued")

    batch = models.ForeignKey(LetterBatch, models.CASCADE, related_name="rows")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="+")
    letter = models.ForeignKey(IssuedLetter, models.PROTECT, related_name="+", null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    told = models.CharField(max_length=500, blank=True)  # why not, in the language of who asked

    class Meta:
        verbose_name = _("row of letters for many")
        verbose_name_plural = _("rows of letters for many")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "registration"], name="letter_row_once"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "there"], letter__isnull=False)
                | Q(state__in=["waiting", "refused"], letter=None),
                name="letter_row_has_a_letter_iff_issued",
            ),
        ]
        indexes = [models.Index(fields=["batch", "id"], condition=Q(state="waiting"), name="letter_row_waiting")]

    def __str__(self) -> str:
        return f"{self.registration} {self.state}"
