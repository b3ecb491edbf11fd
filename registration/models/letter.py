"""The letter that names a delegation's people: a private file."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meeting.collation import search_key
from meeting.models import Meeting, Role

from .delegation import Delegation, LetterKind
from .limits import known_to
from .registration import Registration, Status

LETTER_READERS = (Role.ORGANISER, Role.REVIEWER)


def letter_path(letter: Letter, filename: str) -> str:
    """A random name: neither who sent it nor what they called it shows in the store."""
    return f"letters/{secrets.token_hex(2)}/{secrets.token_hex(16)}"


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, user: Any) -> LetterQuerySet:
        """Letters of a delegation or of a registration that was sent, for those who decide."""
        known = known_to(user, "meeting", "delegation__category", "registration__delegation__category")
        return self.received().filter(known, meeting__in=Meeting.objects.with_role(user, *LETTER_READERS))

    def received(self) -> LetterQuerySet:
        """What was sent to the organisers: not what waits for its form, nor a draft's."""
        sent = Q(registration__isnull=False) & ~Q(registration__status=Status.DRAFT)
        return self.filter(sent | Q(registration=None, delegation__isnull=False))

    def of_delegations(self) -> LetterQuerySet:
        """Letters that stand for a whole delegation."""
        return self.filter(registration=None, delegation__isnull=False)

    def current(self) -> LetterQuerySet:
        """Without those that a newer version has taken the place of."""
        return self.filter(superseded_by=None)


class Letter(models.Model):
    """A letter as received: of a delegation, or of one registration.

    With neither it is an upload whose form came back with errors, and forgotten after a day.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="letters")
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="letters", null=True, blank=True)
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="letters", null=True, blank=True)
    file = models.FileField(_("file"), upload_to=letter_path, max_length=250)
    original_name = models.CharField(_("name of the file"), max_length=200)
    media_type = models.CharField(_("type"), max_length=40)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(_("kind"), max_length=14, choices=LetterKind.choices, default=LetterKind.NOMINATION)
    dated_on = models.DateField(_("date of the letter"), null=True, blank=True)
    reference = models.CharField(_("reference on the letter"), max_length=80, blank=True)
    signatory = models.CharField(_("signed by"), max_length=200, blank=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, related_name="superseded_by", null=True, blank=True, editable=False
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    # How many pages the document has, once they are drawn; 0 where it could not be opened.
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True, editable=False)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-received_at"]
        # The same file, sent by another delegation of the meeting.
        indexes = [models.Index(fields=["meeting", "sha256"], name="letter_same_file")]

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


class Pairing(models.TextChoices):
    """What became of one name on a letter."""

    OPEN = "open", _("Named, not registered")
    MATCHED = "matched", _("Matched")
    ABSENT = "absent", _("Does not come")


class LetterName(models.Model):
    """One name as it stands on a letter, and the registration that a person said it is."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="names")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name on the letter"), max_length=200)
    remark = models.CharField(_("title or role on the letter"), max_length=200, blank=True)
    search_key = models.CharField(max_length=600, editable=False)
    pairing = models.CharField(max_length=8, choices=Pairing.choices, default=Pairing.OPEN)
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="letter_names", null=True, blank=True)
    # Registrations of which somebody has said that this name is not theirs: not proposed again.
    ruled_out = ArrayField(models.BigIntegerField(), default=list, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("name on a letter")
        verbose_name_plural = _("names on letters")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "number"], name="letter_name_number_once"),
            models.UniqueConstraint(
                fields=["letter", "registration"],
                condition=Q(registration__isnull=False),
                name="letter_name_one_for_each_registration",
            ),
            models.CheckConstraint(
                condition=Q(pairing=Pairing.MATCHED, registration__isnull=False)
                | (~Q(pairing=Pairing.MATCHED) & Q(registration=None)),
                name="letter_name_matched_iff_registration",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive_key()
        super().save(*args, **kwargs)

    def derive_key(self) -> None:
        """The search key follows the name; bulk writers call this themselves."""
        self.search_key = search_key(self.name)[:600]
