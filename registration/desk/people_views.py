"""Views of the list of people that somebody keeps, and links that freeze one: tabs, a page for all, their acts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from meeting.models import Meeting, User

from .. import rules
from ..lists.asked import AskedColumn, columns_of
from ..lists.filters import PeopleFilter
from ..lists.paging import Capped, capped_counts
from ..models import FrozenView, SavedView
from ..models.registration import RegistrationQuerySet
from .access import StaffRequest, desk_view
from .people_page import everybody
from .saved_views import MOST, SavedViewForm, may_change, readable_by

MOST_LINKS = 100  # of one meeting and one person
SMALL = 2000  # up to so many people the views are counted: more would have to be read for it
SLOW = {"q", "entity", "mail", "category"}  # each of these asks the database before the list is counted
PEOPLE = SavedView.Screen.PEOPLE


def tabs(asked: PeopleFilter, meeting: Meeting, user: User, statuses: list[dict[str, Any]]) -> dict[str, Any]:
    """The tabs of states and those somebody keeps; one alone is where one stands."""
    views = list(readable_by(user, meeting, PEOPLE)[: 3 * MOST])
    stands = _opened(asked, views)
    counts = _counts(views, meeting, user, list(asked.asked.values()))
    organises = rules.can_organise(user, meeting)
    return {
        "tabs": [{**tab, "is_current": False} for tab in statuses] if stands else statuses,
        "saved": [
            {
                "label": view.name,
                "query": f"{view.query}&view={view.pk}" if view.query else f"view={view.pk}",
                "count": counts.get(str(view.pk)),
                "is_current": view == stands,
                "is_shared": view.is_shared,
            }
            for view in views
        ],
        "query": asked.as_kept(),
        "screen": PEOPLE.value,
        "may_share": organises,
        "may_drop": [],
        "view": stands,
        "view_name": stands.name if stands else "",
        "view_changed": stands is not None and not _says(stands, asked),
        "may_change": stands is not None and may_change(stands, user, organises=organises),
    }


def opened(asked: PeopleFilter, meeting: Meeting, user: User) -> SavedView | None:
    return _opened(asked, list(readable_by(user, meeting, PEOPLE)[: 3 * MOST]))


def _opened(asked: PeopleFilter, views: list[SavedView]) -> SavedView | None:
    """The view one came from, though it may be changed on the screen; else the first that says the same."""
    named = [view for view in views if view.pk == asked.value("view")]
    status_alone = set(asked.active()) <= {"status"}
    same = [] if status_alone else [view for view in views if _says(view, asked)]
    return next(iter(named or same), None)


def _says(view: SavedView, asked: PeopleFilter) -> bool:
    given = {name: text for name, text in asked.active().items() if name != "view"}
    return QueryDict(view.query).dict() == given


def _counts(views: list[SavedView], meeting: Meeting, user: User, answers: list[AskedColumn]) -> dict[str, Capped]:
    """How many stand in each view, where that costs little; one statement for all of them."""
    quick = [view for view in views if not SLOW & set(QueryDict(view.query))]
    people = everybody(meeting, user)
    if not quick or people.order_by()[: SMALL + 1].count() > SMALL:
        return {}
    sent = people.exclude(status="draft")
    return capped_counts({str(view.pk): _narrowed(view, sent, meeting, user, answers) for view in quick})


def _narrowed(
    view: SavedView, people: RegistrationQuerySet, meeting: Meeting, user: User, answers: list[AskedColumn]
) -> RegistrationQuerySet:
    return PeopleFilter(QueryDict(view.query), meeting, answers, user).narrow(people)


def _mine(user: User, meeting: Meeting, pk: int) -> SavedView:
    """A view of the list that `user` may change; of others there is none."""
    view = get_object_or_404(readable_by(user, meeting, PEOPLE), pk=pk)
    if may_change(view, user, organises=rules.can_organise(user, meeting)):
        return view
    return get_object_or_404(SavedView.objects.filter(owner=user.pk), pk=pk)


@require_safe
@desk_view(rules.can_read)
def views(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """All views of the list that the reader knows, and the links they made."""
    organises = rules.can_organise(request.user, meeting)
    found = readable_by(request.user, meeting, PEOPLE).select_related("owner")
    context = {
        "meeting": meeting,
        "section": "people",
        "views": [(view, may_change(view, request.user, organises=organises)) for view in found],
        "links": _links_of(request.user, meeting),
        "organises": organises,
    }
    return render(request, "desk/people_views.html", context)


def _links_of(user: User, meeting: Meeting) -> Any:
    """One's own; an organiser's are those of everybody."""
    found = FrozenView.objects.filter(meeting=meeting).select_related("owner")
    return found if rules.can_organise(user, meeting) else found.filter(owner=user.pk)


@require_POST
@desk_view(rules.can_read)
def change_view(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    """Put what is shown in the place of what the view said, or give it another name; whichever was sent."""
    view = _mine(request.user, meeting, pk)
    form = SavedViewForm(request.POST if "name" in request.POST else {**request.POST.dict(), "name": view.name})
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("admin:desk:people_views", meeting.slug)
    told = _put(view, form.cleaned_data, request, meeting)
    if told:
        messages.error(request, told)
        return redirect("admin:desk:people_views", meeting.slug)
    messages.success(request, _("“%(name)s” is saved.") % {"name": view.name})
    return redirect(_address(meeting, f"{view.query}&view={view.pk}"))


def _put(view: SavedView, said: dict[str, Any], request: StaffRequest, meeting: Meeting) -> str:
    """Why it cannot be so; empty when it is."""
    view.name = said["name"]
    if "query" in request.POST:
        answers = columns_of(meeting, request.user)
        view.query = PeopleFilter(QueryDict(said["query"]), meeting, answers, request.user).as_kept()
    try:
        with transaction.atomic():
            view.save(update_fields=["name", "query"])
    except IntegrityError:
        return _("You have a view of the name “%(name)s”. Choose another name.") % {"name": view.name}
    return ""


@require_POST
@desk_view(rules.can_read)
def freeze(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """A link to what is shown: filters, columns, groups and order as they are now, written out in full."""
    answers = columns_of(meeting, request.user)
    asked = PeopleFilter(QueryDict(request.POST.get("query", "")[:4000]), meeting, answers, request.user)
    if FrozenView.objects.filter(meeting=meeting, owner=request.user).count() >= MOST_LINKS:
        messages.error(request, _("You have %(most)d links here. Remove one first.") % {"most": MOST_LINKS})
    else:
        name = request.POST.get("name", "").strip()[:60]
        FrozenView.objects.create(meeting=meeting, owner=request.user, name=name, query=asked.in_full())
        messages.success(request, _("The link is made. Whoever reads this list may open it."))
    return redirect("admin:desk:people_views", meeting.slug)


@require_safe
@desk_view(lambda user, meeting: True)
def frozen(request: StaffRequest, meeting: Meeting, token: str) -> HttpResponseBase:
    """Opens the list as the link says; one's own limits hold there as everywhere. To all others there is no link."""
    if not rules.can_read(request.user, meeting):
        raise Http404
    link = get_object_or_404(FrozenView, meeting=meeting, token=token.upper())
    return redirect(_address(meeting, link.query))


@require_POST
@desk_view(rules.can_read)
def thaw(request: StaffRequest, meeting: Meeting, token: str) -> HttpResponseBase:
    """Takes a link away: whoever made it does so, or an organiser."""
    get_object_or_404(_links_of(request.user, meeting), token=token).delete()
    messages.success(request, _("The link is removed. It leads nowhere from now on."))
    return redirect("admin:desk:people_views", meeting.slug)


def _address(meeting: Meeting, query: str) -> str:
    return f"{reverse('admin:desk:people', args=[meeting.slug])}?{query}"
