"""The organisers' screens: start and one person."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from meeting.models import Meeting, Role

from .. import field_words, rules
from ..lists.filters import people_of
from ..models import READERS, Registration
from ..workflow import MoveNotAllowed
from . import deciding, lettering, person
from .access import StaffRequest, desk_view, staff_only
from .deciding_forms import DecisionForm
from .queue import Queue


@require_safe
@staff_only
def start(request: StaffRequest) -> HttpResponseBase:
    """Straight to the queue of one's only meeting; a choice among several; a calm word where there is none."""
    meetings = list(Meeting.objects.with_role(request.user, *READERS)[:50])
    sealed = [] if meetings else list(Meeting.objects.with_role(request.user, Role.SAFEGUARDING)[:50])
    for there, screen in ((meetings, "queue"), (sealed, "safeguarding")):
        if len(there) == 1:
            return redirect(f"admin:desk:{screen}", there[0].slug)
    context = {"meetings": meetings or sealed, "section": "start", "screen": "safeguarding" if sealed else "queue"}
    return render(request, "desk/start.html", context)


# One person


@never_cache
@require_safe
@desk_view(rules.can_read)
def registration(request: StaffRequest, meeting: Meeting, reference: str) -> HttpResponseBase:
    return _show(request, meeting, _find(request, meeting, reference))


def _find(request: StaffRequest, meeting: Meeting, reference: str) -> Registration:
    around = ("meeting", "delegation__category", "delegation__entity", "endorsed_by", "replaces", "replaced_by")
    return get_object_or_404(people_of(meeting, request.user).select_related(*around), reference=reference)


def _show(
    request: StaffRequest, meeting: Meeting, found: Registration, form: DecisionForm | None = None
) -> HttpResponseBase:
    waiting = Queue(meeting, request.user, request.GET)
    may_decide = rules.can_decide(request.user, meeting)
    letters = lettering.letter_pane(found, may_decide=may_decide)
    may_see_contact = may_decide or rules.can_export(request.user, meeting)
    mates, more_mates = person.roster(found, waiting.everybody)
    waits = person.what_is_open(found)
    buttons = deciding.buttons(found, waits) if may_decide else set()
    context = {
        "meeting": meeting,
        "section": "queue",
        "registration": found,
        "form": form or DecisionForm(returnable=[]),
        "returnable": person.returnable(found) if "return" in buttons else [],
        "returned": field_words.labels(found.returned_fields, meeting),
        "waits": waits,
        "who_acts": person.who_acts(found, waits),
        "buttons": buttons,
        "pane": letters,
        "may_read_letters": may_decide,
        "may_see_contact": may_see_contact,
        "checks": [
            *lettering.checks(letters),
            *person.checks(found, waiting.everybody, letters=None, decider=request.user if may_decide else None),
        ],
        "mates": mates,
        "more_mates": more_mates,
        "history": person.history(found, contact=may_see_contact, birth=may_decide),
        "mails": found.outgoing_mails.order_by("-created_at", "-pk"),
        "next": waiting.next_after(found, found.status_since),
        "totals": waiting.counts(),
        "query": waiting.filter.query(),
    }
    return render(request, "desk/registration.html", context, status=422 if form else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_decide)
def decide(request: StaffRequest, meeting: Meeting, reference: str) -> HttpResponseBase:
    """Do what the button says; after a decision whoever is next opens. To load a refused form anew is to start over."""
    found = _find(request, meeting, reference)
    if request.method != "POST":
        return _to(request, meeting, found)
    form = DecisionForm(request.POST, returnable=person.returnable(found))
    if not form.is_valid():
        return _show(request, meeting, found, form)
    asked, since = form.cleaned_data, found.status_since
    if told := person.decided_meanwhile(found, asked["seen"]):
        messages.info(request, told)
        return _to(request, meeting, found)
    try:
        deciding.carry_out(found, asked, person.what_is_open(found), by=request.user)
    except MoveNotAllowed as refusal:
        messages.warning(request, person.decided_meanwhile(found, asked["seen"]) or str(refusal))
        return _to(request, meeting, found)
    messages.success(request, deciding.done(found, asked["move"]))
    if asked["move"] not in deciding.OPEN_THE_NEXT:
        return _to(request, meeting, found)
    return _to(request, meeting, Queue(meeting, request.user, request.GET).next_after(found, since))


def _to(request: StaffRequest, meeting: Meeting, target: Registration | None) -> HttpResponseBase:
    """To a person's page, or to the queue when nobody is left, under the same filter."""
    if target:
        address = reverse("admin:desk:registration", args=[meeting.slug, target.reference])
    else:
        address = reverse("admin:desk:queue", args=[meeting.slug])
    query = request.GET.urlencode()
    return redirect(f"{address}?{query}" if query else address)
