"""Categories of participants, and the delegation: one entity, in one category, at one meeting."""

from __future__ import annotations

import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.models import Entity, EntityKind, Meeting


class Represents(models.TextChoices):
    """The four answers to "Whom do you represent?"."""

    GOVERNMENT = "government", _("A Government")
    NGO = "ngo", _("A non-governmental organization")
    AGENCY = "agency", _("A UN or intergovernmental body")
    OTHER = "other", _("Somebody else, or myself")


class Standing(models.TextChoices):
    """What a State is to the body whose meeting this is."""

    MEMBER = "member", _("Member")
    ASSOCIATE = "associate", _("Associate member")
    OBSERVER = "observer", _("Permanent observer")
    NONE = "none", _("Neither")


class Category(models.Model):
    """A kind of participant at one meeting: its heading in lists, who belongs to it, and what it asks for."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="categories", verbose_name=_("meeting"))
    code = models.CharField(_("code"), max_length=6)
    order = models.PositiveSmallIntegerField(_("order in lists"))
    name = models.CharField(_("heading"), max_length=120)
    represents = models.CharField(_("chosen as"), max_length=12, choices=Represents.choices)
    kinds = ArrayField(models.CharField(max_length=10, choices=EntityKind.choices), verbose_name=_("kinds of entity"))
    standings = ArrayField(
        models.CharField(max_length=10, choices=Standing.choices),
        verbose_name=_("standing in the body"),
        default=list,
        blank=True,
        help_text=_("Empty for any."),
    )
    letter_required = models.BooleanField(_("needs a letter"), default=True)
    quota = models.PositiveIntegerField(_("seats in all"), null=True, blank=True, help_text=_("Empty for no limit."))
    delegation_quota = models.PositiveIntegerField(
        _("seats for each delegation"), null=True, blank=True, help_text=_("Empty for no limit.")
    )
    is_open = models.BooleanField(_("takes registrations"), default=True)
    closes_at = models.DateTimeField(
        _("closes"), null=True, blank=True, help_text=_("Only where it differs from the meeting.")
    )

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "code"], name="category_code_once"),
            models.UniqueConstraint(fields=["meeting", "order"], name="category_order_once"),
            models.CheckConstraint(condition=Q(represents__in=Represents.values), name="category_represents_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def takes_registrations(self, now: datetime.datetime | None = None) -> bool:
        """Whether this category is open by itself; the meeting's own dates come on top."""
        now = now or timezone.now()
        return self.is_open and (self.closes_at is None or now < self.closes_at)

    def admits(self, entity: Entity, standing: str) -> bool:
        return entity.kind in self.kinds and (not self.standings or standing in self.standings)


class Delegation(models.Model):
    """One State or organisation, in one category, at one meeting: the unit everything is counted in."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="delegations", verbose_name=_("meeting"))
    category = models.ForeignKey(Category, models.PROTECT, related_name="delegations", verbose_name=_("category"))
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="delegations", verbose_name=_("entity"))
    quota = models.PositiveIntegerField(_("seats"), null=True, blank=True, help_text=_("Empty to follow the category."))
    # The entity's name in the meeting's style on its first day, kept here so that no list has to look it up.
    name = models.CharField(_("name in lists"), max_length=250)
    sort_key = models.CharField(max_length=400, editable=False)

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["category__order", "sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "category", "entity"], name="delegation_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def seats(self) -> int | None:
        """How many may hold a seat; None for no limit."""
        return self.quota if self.quota is not None else self.category.delegation_quota
