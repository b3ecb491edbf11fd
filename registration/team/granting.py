"""Giving and taking roles at one meeting: by its organisers, one change at a time, each with its line of history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from meeting.models import AuditEntry, Meeting, Role, StaffRole, User

from .. import rules, workflow
from ..models import READERS, Category, Registration, ReviewedCategory
from . import telling


class NotGranted(Exception):
    """Nothing was changed; the text is a sentence for the screen."""


@dataclass(frozen=True)
class Roles:
    """What one person has here, or shall have. `limits` are the categories of a reviewer; None for all of them."""

    roles: frozenset[str] = frozenset()
    limits: frozenset[int] | None = None

    @classmethod
    def of(cls, rows: Iterable[StaffRole]) -> Roles:
        """From somebody's rows at one meeting."""
        held = {row.role: row for row in rows}
        reviewer = held.get(Role.REVIEWER)
        limited = {r.category_id for r in reviewer.reviewed_categories.all()} if reviewer else set()
        return cls(frozenset(held), frozenset(limited) or None)

    def changed_like(self, seen: Roles, wanted: Roles) -> Roles:
        """With what changes between `seen` and `wanted`, and nothing else: a colleague may have changed the rest."""
        roles = (self.roles | (wanted.roles - seen.roles)) - (seen.roles - wanted.roles)
        limits = self.limits if wanted.limits == seen.limits else wanted.limits
        return Roles(roles, limits if Role.REVIEWER in roles else None)


@dataclass(frozen=True)
class Change:
    """What was done with one person's roles."""

    user: User
    was: Roles
    now: Roles
    handed_back: int = 0  # registrations that wait for somebody else now

    @property
    def given(self) -> list[Role]:
        return [role for role in Role if role in self.now.roles - self.was.roles]

    @property
    def taken(self) -> list[Role]:
        return [role for role in Role if role in self.was.roles - self.now.roles]

    @property
    def is_nothing(self) -> bool:
        return self.was == self.now


def change(user: User, meeting: Meeting, *, seen: Roles, wanted: Roles, by: User) -> Change:
    """Give and take what differs between what `by` saw and what they want. Raises NotGranted."""
    with transaction.atomic():
        _begin(meeting, by)
        return _write(user, meeting, seen=seen, wanted=wanted, by=by)


def add(email: str, name: str, meeting: Meeting, wanted: Roles, *, by: User) -> Change:
    """Give roles to whoever has this address, on top of those they have, and mail them. Raises NotGranted.

    Whoever has no account gets one, which opens with a link to set a password.
    """
    with transaction.atomic():
        _begin(meeting, by)
        user = _account(email, name)
        held = Roles.of(_rows(user, meeting))
        limits = wanted.limits if Role.REVIEWER in wanted.roles else held.limits
        done = _write(user, meeting, seen=held, wanted=Roles(held.roles | wanted.roles, limits), by=by)
        telling.welcome(done.user, meeting, [role for role in Role if role in done.now.roles], by=by)
        return done


def remove(user: User, meeting: Meeting, *, by: User) -> Change:
    """Take every role at this meeting. Raises NotGranted."""
    with transaction.atomic():
        _begin(meeting, by)
        return _write(user, meeting, seen=Roles.of(_rows(user, meeting)), wanted=Roles(), by=by)


def _begin(meeting: Meeting, by: User) -> None:
    """One change of roles at a time, by somebody who still organises: of two who remove each other one stays."""
    list(Meeting.objects.select_for_update(no_key=True).filter(pk=meeting.pk).values_list("pk"))
    if not rules.can_organise(by, meeting):
        raise NotGranted(_("You do not organise this meeting any more. Nothing was changed."))


def _account(email: str, name: str) -> User:
    """Theirs, or a new one that nobody can sign in to before its owner has set a password."""
    User.objects.bulk_create([_new(email, name)], ignore_conflicts=True)  # somebody else may add them just now
    user = User.objects.select_for_update(no_key=True).get(email__iexact=email)
    if not user.is_active:
        raise NotGranted(_("This address cannot be given a role. Ask the administrator of this system."))
    if name and not user.name:
        user.name = name
        user.save(update_fields=["name"])
    return user


def _new(email: str, name: str) -> User:
    user = User(email=User.objects.normalize_email(email), name=name)
    user.set_unusable_password()
    return user


def _rows(user: User, meeting: Meeting) -> list[StaffRole]:
    return list(StaffRole.objects.filter(user=user, meeting=meeting).prefetch_related("reviewed_categories"))


def _write(user: User, meeting: Meeting, *, seen: Roles, wanted: Roles, by: User) -> Change:
    was = Roles.of(_rows(user, meeting))
    now = was.changed_like(seen, wanted)
    if was == now:
        return Change(user, was, now)
    _refuse_last_organiser(user, meeting, was, now)
    _refuse_contradiction(now)
    _store(user, meeting, was, now)
    user = _open_or_close(user)
    _record(user, meeting, was, now, by)
    done = Change(user, was, now, _hand_back(user, meeting, by))
    if Role.SAFEGUARDING in done.given:
        telling.tell_leads(user, meeting, by=by)
    if Role.SAFEGUARDING in done.taken:
        telling.tell_of_no_lead(user, meeting, by=by)
    return done


def _refuse_last_organiser(user: User, meeting: Meeting, was: Roles, now: Roles) -> None:
    if Role.ORGANISER not in was.roles - now.roles:
        return
    others = StaffRole.objects.filter(meeting=meeting, role=Role.ORGANISER, user__is_active=True).exclude(user=user)
    if not others.exists():
        raise NotGranted(_("A meeting needs an organiser. Give this role to somebody else first."))


def _refuse_contradiction(now: Roles) -> None:
    """Whoever reads everything by another role is limited by nothing: better said than believed."""
    wider = [role for role in READERS if role in now.roles and role != Role.REVIEWER]
    if now.limits is not None and wider:
        raise NotGranted(
            _("%(role)s means all categories, so a reviewer limited to some cannot be that too. Choose one of the two.")
            % {"role": wider[0].label}
        )


def _store(user: User, meeting: Meeting, was: Roles, now: Roles) -> None:
    held = StaffRole.objects.filter(user=user, meeting=meeting)
    held.filter(role__in=was.roles - now.roles).delete()
    StaffRole.objects.bulk_create(
        StaffRole(user=user, meeting=meeting, role=role) for role in Role if role in now.roles - was.roles
    )
    if was.limits != now.limits and (reviewer := held.filter(role=Role.REVIEWER).first()):
        ReviewedCategory.objects.filter(staff_role=reviewer).delete()
        # Of this meeting only, whatever was posted.
        seen = Category.objects.filter(meeting=meeting, pk__in=now.limits or ())
        ReviewedCategory.objects.bulk_create(ReviewedCategory(staff_role=reviewer, category=c) for c in seen)


def _open_or_close(user: User) -> User:
    """Who has a role somewhere may open the admin; after the last one is gone, no more. Administrators stay."""
    user = User.objects.get(pk=user.pk)  # anew, without the limits it knew before
    is_staff = user.is_superuser or user.staff_roles.exists()
    if user.is_staff != is_staff:
        user.is_staff = is_staff
        user.save(update_fields=["is_staff"])
    return user


def _record(user: User, meeting: Meeting, was: Roles, now: Roles, by: User) -> None:
    detail: dict[str, Any] = {
        role.value: [role in was.roles, role in now.roles]
        for role in Role
        if (role in was.roles) != (role in now.roles)
    }
    if was.limits != now.limits:
        detail["categories"] = [_codes(was.limits), _codes(now.limits)]
    AuditEntry.objects.create(
        meeting=meeting, by=by, action=AuditEntry.Action.ROLE, about=user.email[:200], detail=detail
    )


def _codes(limits: frozenset[int] | None) -> list[str]:
    """The categories of a reviewer; empty for all of them."""
    return list(Category.objects.filter(pk__in=limits or ()).order_by("order").values_list("code", flat=True))


def _hand_back(user: User, meeting: Meeting, by: User) -> int:
    """What was theirs to decide and they may decide on no more belongs to nobody now; how many that were."""
    theirs = Registration.objects.filter(meeting=meeting, assigned_to=user)
    if rules.can_decide(user, meeting):
        theirs = theirs.exclude(pk__in=theirs.within_limits(user).values("pk"))
    lost = list(theirs.order_by("pk").values_list("pk", flat=True))
    for registration in lost:
        workflow.assign(registration, to=None, by=by)
    return len(lost)
