"""Categories of participants, and the delegation: one entity, in one category, at one meeting."""

from __future__ import annotations

import datetime
import secrets
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.models import Entity, EntityKind, Meeting, Role

from .limits import known_to

# Crockford's alphabet: nothing that looks like something else when read over the telephone.
REFERENCE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


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


class Typist(models.TextChoices):
    """Who fills in the forms of a category, and whose word is needed before the organisers decide."""

    EACH = "each", _("Each person; the secretariat checks")
    ENDORSED = "endorsed", _("Each person; the focal point endorses")
    FOCAL_POINT = "focal_point", _("The focal point, for everybody")


class Listing(models.TextChoices):
    """How a category stands in the list of participants."""

    NAMES = "names", _("By name")
    NUMBER = "number", _("As a number only")
    NOT = "not", _("Not at all")


class Publication(models.TextChoices):
    """Whose names of a category the public page shows, once the list is published there."""

    ALL = "all", _("Everybody, as the rules of the body ask")
    CONSENT = "consent", _("Whoever agrees")
    NOBODY = "nobody", _("Nobody")


class LetterKind(models.TextChoices):
    """What proves the right to come."""

    NOTE_VERBALE = "note_verbale", _("Note verbale")
    CREDENTIALS = "credentials", _("Credentials")
    NOMINATION = "nomination", _("Nomination letter")
    ACCREDITATION = "accreditation", _("Accreditation request")
    ASSIGNMENT = "assignment", _("Letter of assignment")


class BadgeColour(models.TextChoices):
    BLUE = "blue", _("Blue")
    GREEN = "green", _("Green")
    ORANGE = "orange", _("Orange")
    PURPLE = "purple", _("Purple")
    RED = "red", _("Red")
    YELLOW = "yellow", _("Yellow")
    GREY = "grey", _("Grey")
    WHITE = "white", _("White")


def one_nomination() -> list[str]:
    return [LetterKind.NOMINATION]


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
    typist = models.CharField(_("who types"), max_length=12, choices=Typist.choices, default=Typist.EACH)
    two_approvals = models.BooleanField(
        _("two people approve"),
        default=False,
        help_text=_("Somebody is approved when two different people have said so."),
    )
    by_invitation = models.BooleanField(
        _("by invitation only"), default=False, help_text=_("Only delegations that the organisers have set up.")
    )
    required_documents = ArrayField(
        models.CharField(max_length=14, choices=LetterKind.choices),
        verbose_name=_("required documents"),
        default=one_nomination,
        blank=True,
        help_text=_("Any one of those ticked; none ticked: no letter is needed."),
    )
    listing = models.CharField(
        _("in the list of participants"), max_length=8, choices=Listing.choices, default=Listing.NAMES
    )
    publication = models.CharField(
        _("on the public page"), max_length=7, choices=Publication.choices, default=Publication.CONSENT
    )
    badge_colour = models.CharField(
        _("badge colour"), max_length=8, choices=BadgeColour.choices, default=BadgeColour.WHITE
    )
    for_children = models.BooleanField(
        _("for children and young people"),
        default=False,
        help_text=_("Everybody under 18 comes in this category, and the safeguarding lead decides."),
    )
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
            models.CheckConstraint(condition=Q(typist__in=Typist.values), name="category_typist_known"),
            models.CheckConstraint(
                condition=Q(for_children=False) | ~Q(listing=Listing.NAMES),
                name="category_children_never_listed_by_name",
                violation_error_message=_("Children are never listed by name: choose a number only, or not at all."),
            ),
            models.CheckConstraint(condition=Q(publication__in=Publication.values), name="category_publication_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def letter_required(self) -> bool:
        return bool(self.required_documents)

    def takes_registrations(self, now: datetime.datetime | None = None) -> bool:
        """Whether this category is open by itself; the meeting's own dates come on top."""
        now = now or timezone.now()
        return self.is_open and (self.closes_at is None or now < self.closes_at)

    def admits(self, entity: Entity, standing: str) -> bool:
        return entity.kind in self.kinds and (not self.standings or standing in self.standings)


def new_delegation_reference() -> str:
    """A reference such as D-7F3K2M4: one in a thousand million, so that nobody guesses another delegation's."""
    return "D-" + "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(7))


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def visible_to(self, user: Any) -> DelegationQuerySet:
        """Those that `user` looks after today as focal point, and all of the meetings that `user` organises."""
        return self.looked_after_by(user) | self.organised_by(user)

    def may_register_late(self) -> DelegationQuerySet:
        """Those with an exception now (see `Delegation.may_register_late`)."""
        return self.filter(open_until__gt=timezone.now())

    def organised_by(self, user: Any) -> DelegationQuerySet:
        """Those of the meetings that `user` organises, as member of staff."""
        if not user.is_staff:
            return self.none()
        return self.filter(meeting__in=Meeting.objects.with_role(user, Role.ORGANISER))

    def within_limits(self, user: Any) -> DelegationQuerySet:
        """Without the categories that a reviewer limited to others does not see."""
        return self.filter(known_to(user, "meeting", "category"))

    def looked_after_by(self, user: Any) -> DelegationQuerySet:
        """Those whose active focal point `user` is, across all meetings."""
        from .focal import FocalPoint

        return self.filter(pk__in=FocalPoint.objects.active().filter(user=user).values("delegation"))


class Delegation(models.Model):
    """One State or organisation, in one category, at one meeting: the unit everything is counted in."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="delegations", verbose_name=_("meeting"))
    category = models.ForeignKey(Category, models.PROTECT, related_name="delegations", verbose_name=_("category"))
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="delegations", verbose_name=_("entity"))
    # What people write in mails, files and commands; the number in the database means nothing to them.
    reference = models.CharField(
        _("reference"), max_length=16, unique=True, editable=False, default=new_delegation_reference
    )
    quota = models.PositiveIntegerField(_("seats"), null=True, blank=True, help_text=_("Empty to follow the category."))
    # An exception for this delegation after registration has closed.
    open_until = models.DateTimeField(_("may register until"), null=True, blank=True)
    quota_waived = models.BooleanField(
        _("no limit for this delegation"), default=False, help_text=_("The category’s own limit stays.")
    )
    # The entity's name in the meeting's style on its first day, kept here so that no list has to look it up.
    name = models.CharField(_("name in lists"), max_length=250)
    sort_key = models.CharField(max_length=400, editable=False)

    objects = DelegationQuerySet.as_manager()

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
        if self.quota_waived:
            return None
        return self.quota if self.quota is not None else self.category.delegation_quota

    def may_register_late(self, now: datetime.datetime | None = None) -> bool:
        """Whether it has an exception at `now`: it may register though registration is closed for others."""
        return self.open_until is not None and (now or timezone.now()) < self.open_until


class DelegationEvent(models.Model):
    """What was done with a delegation as a whole: appended; the database refuses to change or delete it."""

    class Action(models.TextChoices):
        INVITED = "invited", _("Invited")
        DECLINED = "declined", _("Declined the invitation")
        FOCAL_POINT_NAMED = "named", _("Named a focal point")
        FOCAL_POINT_ENDED = "ended", _("Ended a focal point’s time")
        QUOTA = "quota", _("Changed the seats")
        LETTER = "letter", _("Received a letter")
        NAMES = "names", _("Changed the names on the letter")
        PAIRED = "paired", _("Compared the letter with the roster")
        IMPORTED = "imported", _("Imported a file")
        ORDERED = "ordered", _("Changed the order of the roster")
        EXCEPTION = "exception", _("May register after closing")
        ADDRESS_WORKS = "mail_works", _("Said that an address works again")

    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="events")
    # Filled in by a trigger, like that of RegistrationEvent.
    meeting = models.ForeignKey(
        Meeting, models.DO_NOTHING, related_name="+", null=True, editable=False, db_index=False, db_constraint=False
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Empty where the system acted, or somebody with an invitation."),
    )
    action = models.CharField(_("action"), max_length=10, choices=Action.choices)
    detail = models.JSONField(_("detail"), default=dict, blank=True)

    class Meta:
        verbose_name = _("event of a delegation")
        verbose_name_plural = _("events of delegations")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["by", "-at"], name="delegation_event_by_actor"),
            models.Index(fields=["meeting", "-at", "-id"], name="delegation_event_of_meeting"),
            models.Index(fields=["meeting", "action", "-at", "-id"], name="delegation_event_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.delegation} {self.get_action_display()}"
