"""Colleagues and their roles at one meeting, in one table; organisers give and take, auditors look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meeting.models import Meeting, Role, StaffRole, User

from .. import rules
from ..models import Category, Registration
from ..team import granting, powers, telling
from ..team.granting import Change, NotGranted, Roles
from .access import StaffRequest, desk_view
from .team_forms import SOME, ColleagueForm, RolesForm


@dataclass(frozen=True)
class Row:
    """One person, and what is ticked: as it is stored, or as it came back in a refused form."""

    user: User
    held: Roles
    shown: Roles
    limited: bool
    errors: list[str]

    @property
    def ticks(self) -> list[tuple[Role, bool]]:
        return [(role, role in self.shown.roles) for role in Role]

    @property
    def categories(self) -> frozenset[int]:
        return self.shown.limits or frozenset()

    @property
    def seen(self) -> str:
        return ",".join(sorted(self.held.roles))

    @property
    def limits_seen(self) -> str:
        return ",".join(map(str, sorted(self.held.limits or ())))


def colleagues(meeting: Meeting) -> QuerySet[User]:
    """Everybody with a role at the meeting, by name, each knowing `here`, their rows."""
    rows = StaffRole.objects.filter(meeting=meeting).prefetch_related("reviewed_categories")
    found = User.objects.filter(staff_roles__meeting=meeting).distinct().order_by("name", "email")
    return found.prefetch_related(Prefetch("staff_roles", rows, to_attr="here"))


@never_cache
@require_safe
@desk_view(rules.can_see_team)
def team(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    return _show(request, meeting)


def _show(
    request: StaffRequest, meeting: Meeting, refused: RolesForm | None = None, about: User | None = None
) -> HttpResponseBase:
    """The table; in the row of `about` what was ticked in the form that is refused, with the reason."""
    context = {
        "meeting": meeting,
        "section": "setup",
        "roles": powers.legend(),
        "rows": [_row(user, refused if user == about else None) for user in colleagues(meeting)],
        "categories": list(meeting.categories.all()),
        "can_organise": rules.can_organise(request.user, meeting),
    }
    return render(request, "desk/team.html", context, status=422 if refused else 200)


def _row(user: User, refused: RolesForm | None) -> Row:
    held = Roles.of(user.here)  # type: ignore[attr-defined]
    if refused is None:
        return Row(user, held, held, held.limits is not None, [])
    ticked = frozenset(refused.data.getlist("role")) & frozenset(Role.values)  # type: ignore[attr-defined]
    errors = [str(error) for found in refused.errors.values() for error in found]
    chosen = frozenset(int(n) for n in refused.data.getlist("category") if n.isascii() and n.isdigit())  # type: ignore[attr-defined]
    return Row(user, held, Roles(ticked, chosen), refused.data.get("limits") == SOME, errors)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_organise)
def save(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    """The ticks of one row. Whoever stops organising is asked first whether they mean it."""
    user = get_object_or_404(colleagues(meeting), pk=pk)
    if request.method != "POST":
        return redirect("admin:desk:team", meeting.slug)
    form = RolesForm(request.POST, meeting)
    if not form.is_valid():
        return _show(request, meeting, form, user)
    if _leaves(request, user, form.wanted) and not form.cleaned_data["sure"]:
        return _ask(request, meeting, user, kept=request.POST)
    try:
        done = granting.change(user, meeting, seen=form.before, wanted=form.wanted, by=request.user)
    except NotGranted as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, told(done))
    return _onwards(request, meeting)


def _leaves(request: StaffRequest, user: User, wanted: Roles) -> bool:
    """Whether the reader is about to lock themselves out of this page."""
    has_it = Role.ORGANISER in Roles.of(user.here).roles  # type: ignore[attr-defined]
    return user == request.user and has_it and Role.ORGANISER not in wanted.roles


def _ask(request: StaffRequest, meeting: Meeting, user: User, *, kept: Any = None) -> HttpResponseBase:
    """What will happen, and a button; `kept` is the form that waits for it."""
    names = ("role", "limits", "category", "seen", "limits_seen")
    context = {
        "meeting": meeting,
        "section": "setup",
        "colleague": user,
        "is_oneself": user == request.user,
        "held": [row.get_role_display() for row in user.here],  # type: ignore[attr-defined]
        "assigned": Registration.objects.filter(meeting=meeting, assigned_to=user).count(),
        "kept": [(name, value) for name in names for value in kept.getlist(name)] if kept else [],
        "gives_up": kept is not None,
    }
    return render(request, "desk/team_remove.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_organise)
def remove(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    """Take all roles of one person here: first what that means, then the button."""
    user = get_object_or_404(colleagues(meeting), pk=pk)
    if request.method != "POST":
        return _ask(request, meeting, user)
    try:
        done = granting.remove(user, meeting, by=request.user)
    except NotGranted as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, told(done))
    return _onwards(request, meeting)


def _onwards(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Back to the table; to one's meetings, where it is not theirs to see any more."""
    if rules.can_see_team(request.user, meeting):
        return redirect("admin:desk:team", meeting.slug)
    return redirect("admin:desk:start" if User.objects.get(pk=request.user.pk).is_staff else "meeting:list")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_organise)
def add(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """A colleague by email. The answer is the same whether or not the address has an account."""
    form = ColleagueForm(request.POST if request.method == "POST" else None, meeting)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            granting.add(asked["email"], asked["name"], meeting, form.wanted, by=request.user)
        except NotGranted as refusal:
            form.add_error(None, str(refusal))
        else:
            told_to = _("%(email)s is a colleague here now, and is told by mail how to come in.")
            messages.success(request, told_to % {"email": asked["email"]})
            return redirect("admin:desk:team", meeting.slug)
    context = {
        "meeting": meeting,
        "section": "setup",
        "form": form,
        "roles": powers.legend(),
        "ticked": request.POST.getlist("role"),
        "limited": request.POST.get("limits") == SOME,
        "chosen": request.POST.getlist("category"),
        "categories": list(meeting.categories.all()),
    }
    return render(request, "desk/team_add.html", context, status=422 if form.errors else 200)


@require_POST
@desk_view(rules.can_organise)
def invite(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    """The mail with the link once more, for somebody who has not set a password."""
    user = get_object_or_404(colleagues(meeting), pk=pk)
    telling.welcome(user, meeting, [Role(row.role) for row in user.here], by=request.user)  # type: ignore[attr-defined]
    messages.success(request, _("%(name)s is told by mail once more how to come in.") % {"name": user})
    return redirect("admin:desk:team", meeting.slug)


# What was done, in words


def told(done: Change) -> str:
    if done.is_nothing:
        return _("Nothing was changed for %(name)s.") % {"name": done.user}
    return " ".join([_diff(done), *_handed_back(done)])


def _diff(done: Change) -> str:
    """Who, and then plus and minus: `Ana Lemisio: + Reviewer, − Lists. Reviews Governments.`"""
    signs = [f"+ {role.label}" for role in done.given] + [f"− {role.label}" for role in done.taken]
    parts = [", ".join(signs)] if signs else []
    if done.was.limits != done.now.limits and Role.REVIEWER in done.now.roles:
        parts.append(_limits_in_words(done.now))
    if not done.now.roles:
        parts.append(_("No role here any more."))
    return f"{done.user}: {'. '.join(part.rstrip('.') for part in parts)}."


def _limits_in_words(now: Roles) -> str:
    if now.limits is None:
        return _("Reviews all categories")
    names = [c.name for c in Category.objects.filter(pk__in=now.limits)]
    return _("Reviews only %(categories)s") % {"categories": get_text_list(names, _("and"))}


def _handed_back(done: Change) -> list[str]:
    n = done.handed_back
    if not n:
        return []
    return [
        ngettext(
            "%(n)d registration that was theirs to decide belongs to nobody now.",
            "%(n)d registrations that were theirs to decide belong to nobody now.",
            n,
        )
        % {"n": n}
    ]
