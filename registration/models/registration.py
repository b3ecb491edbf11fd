"""One person's registration: its state, its data, its history, and the keys that open its page."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import BigIntegerField, Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meeting.collation import search_key, sort_key
from meeting.kept import RowVersion, meeting_at
from meeting.models import Meeting

from .delegation import REFERENCE_ALPHABET, Delegation, Typist
from .key import digest
from .limits import READERS, known_to


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    WAITLISTED = "waitlisted", _("Waitlisted")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


SEATED = (Status.SUBMITTED, Status.RETURNED, Status.APPROVED)
DECIDED = (Status.APPROVED, Status.REJECTED)
LIVE = (*SEATED, Status.WAITLISTED)


class Honorific(models.TextChoices):
    HE = "H.E.", "H.E."
    HE_MS = "H.E. Ms.", "H.E. Ms."
    HE_MR = "H.E. Mr.", "H.E. Mr."
    HON = "Hon.", "Hon."
    MS = "Ms.", _("Ms.")
    MR = "Mr.", _("Mr.")
    MX = "Mx.", _("Mx.")
    DR = "Dr.", _("Dr.")
    PROF = "Prof.", _("Prof.")


class Gender(models.TextChoices):
    """An optional answer for statistics: in no list, on no badge, and never guessed from a form of address."""

    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")
    OTHER = "other", _("In another way")


class RoleInDelegation(models.TextChoices):
    HEAD = "head", _("Representative (head of delegation)")
    DEPUTY = "deputy", _("Deputy head of delegation")
    ALTERNATE = "alternate", _("Alternate representative")
    ADVISER = "adviser", _("Adviser")
    OBSERVER = "observer", _("Observer")
    INTERPRETER = "interpreter", _("Interpreter")
    SUPPORT = "support", _("Support staff")


ROLE_ORDER = {role: (n + 1) * 10 for n, role in enumerate(RoleInDelegation)}
LAST = 2**31 - 1  # whom the delegation gave no place
# What a roster is sorted by before names: the rank of the role, and the place in the delegation's own order.
ROLE_RANK = Case(*(When(role=role, then=Value(n)) for role, n in ROLE_ORDER.items()), default=Value(999))
OWN_PLACE = Coalesce("precedence", Value(LAST), output_field=BigIntegerField())
# When somebody came into the list: sent in, or typed in by others and withdrawn before that.
SENT_AT = Coalesce("submitted_at", "created_at")


class Channel(models.TextChoices):
    """Who typed a registration in."""

    SELF = "self", _("The delegate")
    ROSTER = "roster", _("The focal point")
    IMPORT = "import", _("A file")
    DESK = "desk", _("The secretariat")


class Modality(models.TextChoices):
    IN_PERSON = "in_person", pgettext_lazy("way of taking part", "In person")
    ONLINE = "online", pgettext_lazy("way of taking part", "Online")


# What stands in place of a child's name: says nothing, and cannot be a name.
ALIAS = r"^Participant Y[0-9]{2,5}$"


def new_reference(prefix: str) -> str:
    """A reference such as EAP-7F3K2; whoever stores it retries when it is taken."""
    return f"{prefix}-" + "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(5))


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: Any) -> RegistrationQuerySet:
        """Registrations of the meetings at which `user` has a role that reads them; drafts are nobody's business."""
        sent = self.exclude(status=Status.DRAFT).without_children_who_left()
        return sent.filter(meeting__in=Meeting.objects.with_role(user, *READERS)).within_limits(user)

    def within_limits(self, user: Any) -> RegistrationQuerySet:
        """Without the categories that a reviewer limited to others does not see."""
        return self.filter(known_to(user, "meeting", "delegation__category"))

    def without_children_who_left(self) -> RegistrationQuerySet:
        """A child who has withdrawn leaves no trace but in the sealed file."""
        return self.exclude(is_minor=True, status=Status.WITHDRAWN)

    def awaiting_decision(self) -> RegistrationQuerySet:
        return self.filter(status=Status.SUBMITTED)

    def seated(self) -> RegistrationQuerySet:
        return self.filter(status__in=SEATED)

    def with_delegation(self) -> RegistrationQuerySet:
        return self.select_related("delegation__category")

    def with_all_around(self) -> RegistrationQuerySet:
        """With delegation, category and what `take_meeting` asks for."""
        return self.with_delegation().annotate(meeting_version=RowVersion(F("meeting__slug")))

    def opened_by(self, key: str) -> Registration | None:
        """The registration to which this private link leads, with all around it; None when it leads nowhere."""
        opened = self.filter(access_keys__digest=digest(key), access_keys__revoked_at=None).with_all_around()
        registration = next(iter(opened), None)
        return registration.take_meeting() if registration else None


class Registration(models.Model):
    """One person at one meeting for one delegation. `registration.workflow` is the only writer of `status`."""

    # Indexes of their own would say nothing that those below do not.
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="registrations", verbose_name=_("meeting"), db_index=False
    )
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, related_name="registrations", verbose_name=_("delegation"), db_index=False
    )
    reference = models.CharField(_("reference"), max_length=12, unique=True, editable=False)
    # One filling-in of the form, however often it is sent.
    attempt = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    honorific = models.CharField(_("form of address"), max_length=10, choices=Honorific.choices, blank=True)
    given_names = models.CharField(_("given names"), max_length=150, blank=True)
    family_name = models.CharField(_("family name"), max_length=150, blank=True)
    display_name = models.CharField(_("name as it should be printed"), max_length=200)
    functional_title = models.CharField(_("functional title"), max_length=200)
    department = models.CharField(_("ministry or department"), max_length=200, blank=True)
    organisation = models.CharField(_("organization"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    # Blank while a roster is being typed, for whom a focal point registers without mail, and for children.
    email = models.EmailField(_("email"), max_length=254, blank=True)
    passport_name = models.CharField(_("name as in the passport"), max_length=200, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    role = models.CharField(_("role in the delegation"), max_length=12, choices=RoleInDelegation.choices)
    modality = models.CharField(_("takes part"), max_length=10, choices=Modality.choices, default=Modality.IN_PERSON)
    language = models.CharField(_("language of our messages"), max_length=10, default="en")
    gender = models.CharField(
        _("gender"), max_length=5, choices=Gender.choices, blank=True, help_text=_("Only counted, never listed.")
    )
    # What the person has allowed; nobody is taken to have said yes.
    name_public = models.BooleanField(_("name on the public page"), default=False)
    contact_shared = models.BooleanField(_("email and telephone in shared lists"), default=False)

    channel = models.CharField(
        _("typed by"), max_length=8, choices=Channel.choices, default=Channel.SELF, editable=False
    )
    on_behalf = models.BooleanField(
        _("no mail to this person"), default=False, help_text=_("Messages go to the focal points instead.")
    )
    precedence = models.PositiveIntegerField(_("order in the delegation"), null=True, blank=True)
    # Cells of a draft that say something their field cannot hold, like a date of 31 February: kept until mended.
    unparsed = models.JSONField(default=dict, blank=True, editable=False)
    is_minor = models.BooleanField(_("under 18"), default=False, editable=False)
    endorsed_at = models.DateTimeField(_("endorsed"), null=True, blank=True, editable=False)
    endorsed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    returned_fields = ArrayField(models.CharField(max_length=40), default=list, blank=True, editable=False)
    replaces = models.OneToOneField(
        "self", models.PROTECT, related_name="replaced_by", null=True, blank=True, editable=False
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, related_name="merged", null=True, blank=True, editable=False
    )
    brought_from = models.ForeignKey(
        "self", models.SET_NULL, related_name="brought_to", null=True, blank=True, editable=False
    )

    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    status_since = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    status_reason = models.TextField(_("reason"), blank=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True, editable=False)
    # While a decision can still be undone, its mail waits and whoever is outside sees `quiet_status`, the one before.
    quiet_until = models.DateTimeField(null=True, blank=True, editable=False)
    quiet_status = models.CharField(max_length=10, choices=Status.choices, blank=True, editable=False)
    # The first word, where the category wants two.
    first_approved_at = models.DateTimeField(_("first approved"), null=True, blank=True, editable=False)
    first_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    # Put on the waiting list by the organisers: no seat is offered by itself, only they take somebody off it.
    kept_waiting = models.BooleanField(default=False, editable=False)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("assigned to"),
    )
    # Checked in at the desk.
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True, editable=False)
    arrived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    sort_key = models.CharField(max_length=400, editable=False)
    search_key = models.CharField(max_length=1000, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    # When it was last changed before it was compared with others. Behind `changed_at` it is due again.
    compared_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="registration_status_known"),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | ~Q(given_names="", family_name=""),
                name="registration_has_a_name",
                violation_error_message=_("Write at least one name."),
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(submitted_at__isnull=False) | Q(status=Status.WITHDRAWN),
                name="registration_submitted_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | ~Q(email="") | Q(on_behalf=True) | Q(is_minor=True),
                name="registration_can_be_reached",
                violation_error_message=_("Write an email address, or say that messages go to the focal point."),
            ),
            # What tells who a child is lives in the sealed record alone.
            models.CheckConstraint(
                condition=Q(is_minor=False)
                | Q(
                    display_name__regex=ALIAS,
                    given_names=F("display_name"),
                    family_name="",
                    honorific="",
                    functional_title="",
                    department="",
                    organisation="",
                    birth_date=None,
                    email="",
                    phone="",
                    passport_name="",
                    gender="",
                    name_public=False,
                    contact_shared=False,
                    unparsed={},
                    brought_from=None,
                ),
                name="registration_of_a_child_tells_nothing",
            ),
            models.CheckConstraint(
                condition=Q(endorsed_at=None, endorsed_by=None)
                | Q(endorsed_at__isnull=False, endorsed_by__isnull=False),
                name="registration_endorsed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.RETURNED) | Q(returned_fields=[]),
                name="registration_fields_named_only_while_returned",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(unparsed={}),
                name="registration_sent_is_understood",
            ),
            models.CheckConstraint(
                condition=Q(first_approved_at=None, first_approved_by=None)
                | Q(
                    first_approved_at__isnull=False,
                    first_approved_by__isnull=False,
                    status__in=[Status.SUBMITTED, Status.WAITLISTED],
                ),
                name="registration_first_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(kept_waiting=False) | Q(status=Status.WAITLISTED), name="registration_kept_waiting_in_line"
            ),
            models.CheckConstraint(
                condition=Q(quiet_until=None, quiet_status="") | (Q(quiet_until__isnull=False) & ~Q(quiet_status="")),
                name="registration_quiet_with_the_status_before",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.REJECTED) | ~Q(status_reason=""),
                name="registration_rejected_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(arrived_at=None, arrived_by=None) | Q(arrived_at__isnull=False, arrived_by__isnull=False),
                name="registration_arrived_at_somebodys_word",
            ),
        ]
        indexes = [
            # The queue: one meeting, one state, who has waited longest.
            models.Index(fields=["meeting", "status", "status_since", "id"], name="registration_queue"),
            # The same of one reviewer, or of nobody.
            models.Index(
                fields=["meeting", "assigned_to", "status", "status_since", "id"], name="registration_queue_of_one"
            ),
            # The tabs of the queue that few people stand in.
            models.Index(
                fields=["meeting", "status", "status_since", "id"],
                condition=Q(role="head"),
                name="registration_queue_heads",
            ),
            models.Index(
                fields=["meeting", "status", "status_since", "id"],
                condition=Q(is_minor=True),
                name="registration_queue_children",
            ),
            models.Index(
                fields=["meeting", "status", "status_since", "id"],
                condition=Q(first_approved_by__isnull=False),
                name="registration_queue_second_word",
            ),
            # The same by name.
            models.Index(fields=["meeting", "status", "sort_key", "id"], name="registration_queue_by_name"),
            # Seats kept while a decision can be undone.
            models.Index(
                fields=["delegation", "quiet_until"], condition=Q(quiet_until__isnull=False), name="registration_quiet"
            ),
            # Seats: counted under a lock of the delegation.
            models.Index(fields=["delegation", "status"], name="registration_seats"),
            # The roster.
            models.Index(fields=["delegation", "precedence", "id"], name="registration_roster"),
            # The same as lists have it (lists/order.py), so that the first few are read without the rest.
            models.Index("delegation", ROLE_RANK, OWN_PLACE, "sort_key", "id", name="registration_in_list_order"),
            # The list: by name.
            models.Index(fields=["meeting", "sort_key", "id"], name="registration_by_name"),
            # The same, the newest first, and those who came in between two days.
            models.Index("meeting", SENT_AT.desc(), F("id").desc(), name="registration_by_sent"),
            # The numbers: everything that they count by, so that the people themselves need not be read.
            models.Index(
                fields=["meeting", "delegation", "status", "is_minor", "role", "modality", "gender"],
                include=["submitted_at", "status_since"],
                name="registration_numbers",
            ),
            # Whoever has the same address.
            models.Index("meeting", Lower("email"), name="registration_by_email"),
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="registration_search"),
            models.Index(
                fields=["id"],
                condition=Q(compared_at=None) | Q(compared_at__lt=F("changed_at")),
                name="registration_to_compare",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.printed_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Whoever saves only some fields saves the keys with the names, or neither.
        if kwargs.get("update_fields") is None or "sort_key" in kwargs["update_fields"]:
            self.derive_keys()
        super().save(*args, **kwargs)

    def take_meeting(self) -> Registration:
        """Its meeting from those that this process keeps; for one that was read `with_all_around`."""
        self.meeting = meeting_at(self.meeting_id, self.meeting_version)  # type: ignore[attr-defined]
        return self

    def derive_keys(self) -> None:
        """Sort and search keys follow the names; bulk writers call this themselves."""
        self.sort_key = sort_key(self.family_name or self.given_names or self.display_name)
        names = search_key(self.display_name, self.given_names, self.family_name)
        self.search_key = f"{names} {self.reference.lower()} {self.email.lower()}"[:1000]

    @property
    def printed_name(self) -> str:
        return f"{self.honorific} {self.display_name}".strip()

    @property
    def list_line(self) -> str:
        """The line in the list of participants: name, title, department, organisation."""
        parts = (self.printed_name, self.functional_title, self.department, self.organisation)
        return ", ".join(p for p in parts if p)

    @property
    def told_status(self) -> str:
        """The status as whoever is outside may know it: while a decision can be undone, the one before."""
        is_quiet = self.quiet_until is not None and timezone.now() < self.quiet_until
        return self.quiet_status if is_quiet else self.status

    @property
    def needs_endorsement(self) -> bool:
        return self.delegation.category.typist == Typist.ENDORSED and self.endorsed_at is None
