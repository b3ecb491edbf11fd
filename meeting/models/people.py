"""Who signs in: staff now, focal points later. Delegates never need an account."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member of staff may do, at one meeting."""

    ORGANISER = "organiser", _("Organiser")
    REVIEWER = "reviewer", _("Reviewer")
    PROGRAMME = "programme", _("Programme officer")
    DESK = "desk", _("Desk")
    VISA = "visa", _("Visa officer")
    SAFEGUARDING = "safeguarding", _("Safeguarding lead")
    LISTS = "lists", _("Lists")
    RAPPORTEUR = "rapporteur", _("Rapporteur")
    AUDITOR = "auditor", _("Auditor")


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        if not email:
            raise ValueError("A user needs an email address: it is what they sign in with.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an email address. What they may do is said by their roles, meeting by meeting."""

    email = models.EmailField(_("email"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    # Of what we mail to staff; the screens follow the language menu.
    language = models.CharField(_("language of our messages"), max_length=10, blank=True, choices=settings.LANGUAGES)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_any_case",
                violation_error_message=_("There is a user with this email address already."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class StaffRole(models.Model):
    """One role of one person at one meeting; everything staff may see or do starts here."""

    user = models.ForeignKey(User, models.CASCADE, related_name="staff_roles", verbose_name=_("user"))
    meeting = models.ForeignKey(
        "meeting.Meeting", models.CASCADE, related_name="staff_roles", verbose_name=_("meeting")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "meeting", "role"],
                name="staff_role_once",
                violation_error_message=_("This person has this role at this meeting already."),
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="staff_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.meeting}"
