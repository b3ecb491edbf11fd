"""Who may open a screen of the desk. Every view starts from the meetings its reader has a role at."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Value
from django.db.models.expressions import RawSQL
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from meeting.models import Meeting, Role, StaffRole, User
from meeting.models.meeting import MeetingQuerySet

from .. import rules
from ..models import ISSUED_READERS


class StaffRequest(HttpRequest):
    """A request that `staff_only` let through."""

    user: User  # type: ignore[assignment]


# Those that do nothing more unless somebody acts; shown to organisers in the bar, and counted to a hundred.
MESSAGES_WAIT = """(
    SELECT count(*) FROM (
        SELECT FROM registration_outgoingmail AS mail
         WHERE mail.meeting_id = meeting_meeting.id AND mail.state IN ('held', 'failed', 'stuck') LIMIT 100
    ) AS waiting)"""

View = Callable[..., HttpResponseBase]
Rule = Callable[[User, Meeting], bool]


def staff_only(view: View) -> View:
    """Signed in and staff; everybody else is asked to sign in, or told that this is not theirs."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        if not (request.user.is_active and request.user.is_staff):  # type: ignore[union-attr]
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _with_doors(user: Any) -> MeetingQuerySet:
    """The reader's meetings, each knowing what of it the bar offers them: its sealed files, its history, its setup."""

    def has(*roles: str) -> Any:
        mine = StaffRole.objects.filter(meeting=OuterRef("pk"), user=user.pk, role__in=roles)
        return Value(True) if user.is_superuser else Exists(mine)

    return Meeting.objects.visible_to(user).annotate(
        opens_files=has(Role.SAFEGUARDING),
        sets_up=has(Role.ORGANISER),
        plans=has(Role.PROGRAMME),
        reads_history=has(Role.ORGANISER, Role.AUDITOR),
        reads_letters=has(*ISSUED_READERS),
        reads_messages=has(*rules.MESSAGE_READERS),
        messages_wait=RawSQL(MESSAGES_WAIT, []),  # noqa: S611 (ours, without parameters)
    )


def desk_view(rule: Rule) -> Callable[[View], View]:
    """A screen of one meeting: `view(request, meeting, …)` for those whom `rule` lets in.

    A meeting at which the reader has no role does not exist for them; one at which the role is another is refused.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def find(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            meeting = get_object_or_404(_with_doors(request.user), slug=slug)
            if not rule(request.user, meeting):  # type: ignore[arg-type]
                raise PermissionDenied
            return view(request, meeting, *args, **kwargs)

        return staff_only(find)

    return decorate
