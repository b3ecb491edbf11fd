"""Views of the queue and of the people that somebody keeps: filters and order under a name, for oneself or for all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from meeting.models import Meeting, User

from .. import rules
from ..lists.asked import columns_of
from ..lists.filters import PeopleFilter
from ..lists.queue_filter import QueueFilter
from ..models import SavedView
from ..models.review import QUERY_LENGTH
from . import colleagues
from .access import StaffRequest, desk_view

MOST = 12  # of each person's own: more would be no shortcut
Screen = SavedView.Screen


class SavedViewForm(forms.Form):
    """A name for what is on the screen."""

    name = forms.CharField(
        max_length=60, error_messages={"required": gettext_lazy("Give the view a name: it becomes a tab.")}
    )
    query = forms.CharField(max_length=QUERY_LENGTH, required=False)
    screen = forms.ChoiceField(choices=Screen.choices, required=False)
    shared = forms.BooleanField(required=False)


def readable_by(user: User, meeting: Meeting, screen: str) -> QuerySet[SavedView]:
    """One's own and those for everybody, of one list of one meeting."""
    return SavedView.objects.filter(Q(owner=user.pk) | Q(is_shared=True), meeting=meeting, screen=screen)


def tabs(asked: QueueFilter, meeting: Meeting, user: User, *, is_taken: bool) -> dict[str, Any]:
    """The views of the queue as tabs, and what the reader may do with the one that is open.

    Where another tab `is_taken` for where one stands, or the first of two views is, no second one is.
    """
    found = [(view, view.query == asked.query()) for view in readable_by(user, meeting, Screen.QUEUE)[: 3 * MOST]]
    organises = rules.can_organise(user, meeting)
    here = [view for view, is_current in found if is_current]
    stands = None if is_taken else next(iter(here), None)
    return {
        "saved": [
            {"label": v.name, "query": v.query, "is_current": v is stands, "is_shared": v.is_shared}
            for v, _now in found
        ],
        "screen": Screen.QUEUE.value,
        "may_share": organises,
        "may_drop": [view for view in here if may_change(view, user, organises=organises)],
    }


def may_change(view: SavedView, user: User, *, organises: bool) -> bool:
    """Whoever made it; of a shared one, an organiser too."""
    return view.owner_id == user.pk or (view.is_shared and organises)


@require_POST
@desk_view(rules.can_read)
def save_view(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Keep the filters and the order under a name; only an organiser does so for everybody."""
    screen = Screen.PEOPLE if request.POST.get("screen") == Screen.PEOPLE else Screen.QUEUE
    form = SavedViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return _to(meeting, screen, request.POST.get("query", "")[:QUERY_LENGTH])
    asked = form.cleaned_data
    wanted = _understood(screen, QueryDict(asked["query"]), meeting, request.user)
    shared = asked["shared"] and rules.can_organise(request.user, meeting)
    told = _keep(meeting, request.user, screen, asked["name"], wanted, shared=shared)
    if told:
        messages.error(request, told)
    else:
        messages.success(request, _kept(screen) % {"name": asked["name"]})
    return _to(meeting, screen, wanted)


def _understood(screen: Screen, data: QueryDict, meeting: Meeting, user: User) -> str:
    """Only what the list understands is kept."""
    if screen == Screen.PEOPLE:
        return PeopleFilter(data, meeting, columns_of(meeting, user), user).as_kept()
    return QueueFilter(data, meeting, user, colleagues.of_meeting(meeting)).query()


def _kept(screen: Screen) -> str:
    if screen == Screen.PEOPLE:
        return _("“%(name)s” is a tab of the people now.")
    return _("“%(name)s” is a tab of the queue now.")


def _keep(meeting: Meeting, user: User, screen: Screen, name: str, query: str, *, shared: bool) -> str:
    """Why it cannot be kept; empty when it was."""
    own = SavedView.objects.filter(meeting=meeting, owner=user, screen=screen)
    if own.count() >= MOST:
        return _("You have %(most)d views here. Remove one first.") % {"most": MOST}
    try:
        with transaction.atomic():
            own.create(
                meeting=meeting, owner=user, screen=screen, name=name, query=query[:QUERY_LENGTH], is_shared=shared
            )
    except IntegrityError:
        return _("You have a view of the name “%(name)s”. Choose another name.") % {"name": name}
    return ""


@require_POST
@desk_view(rules.can_read)
def drop_view(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    """Whoever made a view takes it away; a shared one, an organiser too."""
    everywhere = readable_by(request.user, meeting, Screen.QUEUE) | readable_by(request.user, meeting, Screen.PEOPLE)
    view = get_object_or_404(everywhere, pk=pk)
    if may_change(view, request.user, organises=rules.can_organise(request.user, meeting)):
        view.delete()
        messages.success(request, _("“%(name)s” is removed. Nobody’s registration is touched.") % {"name": view.name})
    else:
        messages.error(request, _("This view belongs to a colleague. Ask an organiser to remove it."))
    return _to(meeting, Screen(view.screen), "")


def _to(meeting: Meeting, screen: Screen, query: str) -> HttpResponseBase:
    address = reverse(f"admin:desk:{screen.value}", args=[meeting.slug])
    return redirect(f"{address}?{query}" if query else address)
