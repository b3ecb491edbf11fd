"""The directory of entities: States, territories, organisations, and what each is called where and when."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meeting.collation import fold, search_key, sort_key


class EntityKind(models.TextChoices):
    STATE = "state", _("State or territory")
    UN_BODY = "un_body", _("United Nations body")
    AGENCY = "agency", _("Specialized agency or related organization")
    IGO = "igo", _("Intergovernmental organization")
    NGO = "ngo", _("Non-governmental organization")
    OTHER = "other", _("Other entity")


class UNStatus(models.TextChoices):
    MEMBER = "member", _("Member State")
    NON_MEMBER = "non-member-state", _("Non-member State")
    OBSERVER = "observer", _("Permanent observer")
    TERRITORY = "territory", _("Territory")


class MembershipStatus(models.TextChoices):
    MEMBER = "member", _("Member")
    ASSOCIATE = "associate", _("Associate member")


class EcosocStatus(models.TextChoices):
    GENERAL = "general", _("General consultative status")
    SPECIAL = "special", _("Special consultative status")
    ROSTER = "roster", _("Roster")


class EntityQuerySet(models.QuerySet["Entity"]):
    def listed(self) -> EntityQuerySet:
        """In the public search: checked by an organiser, or shipped with the product."""
        return self.filter(is_checked=True)

    def of_kinds(self, kinds: list[str]) -> EntityQuerySet:
        return self.filter(kind__in=kinds)

    def with_names(self) -> EntityQuerySet:
        return self.prefetch_related("names")


class Entity(models.Model):
    """A State, territory or organisation that can be represented at a meeting."""

    code = models.SlugField(
        _("code"), max_length=60, unique=True, help_text=_("ISO code or short name; never changes.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=EntityKind.choices)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    iso2 = models.CharField("ISO 2", max_length=2, blank=True)
    iso3 = models.CharField("ISO 3", max_length=3, blank=True)
    m49 = models.CharField("M49", max_length=3, blank=True)
    un_status = models.CharField(_("status at the United Nations"), max_length=20, choices=UNStatus.choices, blank=True)
    ecosoc_status = models.CharField(_("ECOSOC status"), max_length=10, choices=EcosocStatus.choices, blank=True)
    is_checked = models.BooleanField(
        _("checked"), default=True, help_text=_("Off while a name that a delegate typed waits for an organiser.")
    )

    objects = EntityQuerySet.as_manager()

    class Meta:
        verbose_name = _("entity")
        verbose_name_plural = _("entities")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EntityKind.values), name="entity_kind_known"),
            models.UniqueConstraint(fields=["iso3"], condition=~Q(iso3=""), name="entity_iso3_unique"),
        ]
        indexes = [models.Index(fields=["kind", "is_checked"], name="entity_by_kind")]

    def __str__(self) -> str:
        return self.name()

    def name(
        self, language: str = "en", *, profile: str = "", on: datetime.date | None = None, formal: bool = False
    ) -> str:
        """The name to print in `language` under `profile` on the day `on` (today when none is given).

        Falls back from the profile to the general name, then to English, then to the code. Reads `names`,
        so prefetch it for lists.
        """
        valid = self.names_on(on or datetime.date.today())
        for wanted_language in dict.fromkeys((language, "en")):
            for wanted_profile in dict.fromkeys((profile, "")):
                for name in valid:
                    if name.language == wanted_language and name.profile == wanted_profile:
                        return (formal and name.formal) or name.name
        return valid[0].name if valid else self.code

    def names_on(self, day: datetime.date) -> list[EntityName]:
        """The names to print on `day`; none for what did not exist then."""
        return [n for n in self.names.all() if n.is_valid_on(day) and not n.search_only]


class EntityName(models.Model):
    """What an entity is called: in one language, under one style profile, between two dates."""

    entity = models.ForeignKey(Entity, models.CASCADE, related_name="names", verbose_name=_("entity"))
    language = models.CharField(_("language"), max_length=10)
    profile = models.CharField(
        _("profile"), max_length=20, blank=True, help_text=_("Empty for the general name; for example ESCAP.")
    )
    name = models.CharField(_("name"), max_length=250)
    formal = models.CharField(_("formal name"), max_length=250, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    search_only = models.BooleanField(
        _("found, never printed"), default=False, help_text=_("A former or colloquial name.")
    )
    source = models.CharField(_("source"), max_length=200, blank=True)
    sort_key = models.CharField(max_length=400, editable=False)
    search_key = models.CharField(max_length=600, editable=False)

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        ordering = ["language", "profile", "valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "language", "profile", "name", "valid_from"],
                nulls_distinct=False,
                name="entity_name_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=models.F("valid_to")),
                name="entity_name_from_before_to",
            ),
        ]
        indexes = [GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="entity_name_search")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive_keys()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise ValidationError({"valid_to": _("The last day comes before the first.")})

    def derive_keys(self) -> None:
        """Sort and search keys follow the name; bulk writers call this themselves."""
        self.sort_key = sort_key(self.name, self.language)
        self.search_key = search_key(self.name, self.formal)[:600]

    def is_valid_on(self, day: datetime.date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def matches(self, folded: str) -> bool:
        return folded in fold(self.name)


class Membership(models.Model):
    """What an entity is to a body or programme: member of ESCAP, in the region of UNICEF EAP."""

    entity = models.ForeignKey(Entity, models.CASCADE, related_name="memberships")
    body = models.CharField(_("body"), max_length=20, help_text=_("For example ESCAP, UNICEF-EAP."))
    status = models.CharField(_("status"), max_length=10, choices=MembershipStatus.choices)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["entity", "body"], name="membership_once"),
            models.CheckConstraint(condition=Q(status__in=MembershipStatus.values), name="membership_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.body}: {self.get_status_display()}"
