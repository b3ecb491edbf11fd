"""The organisers' screens: start and one person."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from meeting.models import Meeting, Role, User

from .. import rules, workflow
from ..lists import reach
from ..lists.filters import people_of
from ..models import READERS, Registration
from ..workflow import MoveNotAllowed
from . import colleagues, deciding, person, reason_forms, reasons, screen, undone
from .access import StaffRequest, desk_view, staff_only
from .deciding_forms import AssignForm, CategoryForm, DecisionForm, NoteForm
from .queue import Queue


@require_safe
@staff_only
def start(request: StaffRequest) -> HttpResponseBase:
    """Straight to the queue of one's only meeting; a choice among several; a calm word where there is none.

    Who decides nothing and audits it comes to the history.
    """
    meetings = list(Meeting.objects.with_role(request.user, *READERS)[:50])
    sealed = [] if meetings else list(Meeting.objects.with_role(request.user, Role.SAFEGUARDING)[:50])
    lettered = [] if meetings or sealed else list(Meeting.objects.with_role(request.user, Role.VISA)[:50])
    screen = _first_screen(request.user, sealed=bool(sealed), lettered=bool(lettered))
    for there in (meetings, sealed, lettered):
        if len(there) == 1:
            return redirect(f"admin:desk:{screen}", there[0].slug)
    context = {"meetings": meetings or sealed or lettered, "section": "start", "screen": screen}
    context["sets_up"] = Meeting.objects.with_role(request.user, Role.ORGANISER, Role.PROGRAMME).exists()
    return render(request, "desk/start.html", context)


def _first_screen(user: User, *, sealed: bool, lettered: bool) -> str:
    if sealed or lettered:
        return "safeguarding" if sealed else "papers"
    return "history" if rules.only_audits(user) else "queue"


# One person


@never_cache
@require_safe
@desk_view(rules.can_read)
def registration(request: StaffRequest, meeting: Meeting, reference: str) -> HttpResponseBase:
    return show_person(request, meeting, find_person(request, meeting, reference))


def find_person(request: StaffRequest, meeting: Meeting, reference: str) -> Registration:
    around = (
        "delegation__category", "delegation__entity", "endorsed_by", "replaces", "replaced_by",
        "assigned_to", "first_approved_by",
    )  # fmt: skip
    people = people_of(meeting, request.user).select_related(*around).annotate(address_fails=reach.fails())
    found = get_object_or_404(people, reference=reference)
    found.meeting = found.delegation.meeting = meeting
    return found


def show_person(
    request: StaffRequest,
    meeting: Meeting,
    found: Registration,
    refused: screen.Refused | None = None,
    **more: object,
) -> HttpResponseBase:
    """The screen to decide; with what came back with errors, `refused` or in `more`, as an answer of that kind."""
    context = screen.context(request, meeting, found, refused or screen.Refused()) | more
    return render(request, "desk/registration.html", context, status=422 if refused or more else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_decide)
def decide(request: StaffRequest, meeting: Meeting, reference: str) -> HttpResponseBase:
    """Do what the button says; after a decision whoever is next opens. To load a refused form anew is to start over."""
    found = find_person(request, meeting, reference)
    if request.method != "POST":
        return _to(request, meeting, found)
    form = _decision(request, meeting, found)
    if not form.is_valid():
        return show_person(request, meeting, found, screen.Refused(decision=form))
    asked, since = form.cleaned_data, found.status_since
    if told := person.decided_meanwhile(found, asked["seen"]):
        messages.info(request, told)
        return _to(request, meeting, found)
    try:
        deciding.carry_out(found, asked, person.what_is_open(found), by=request.user)
    except MoveNotAllowed as refusal:
        messages.warning(request, person.decided_meanwhile(found, asked["seen"]) or str(refusal))
        return _to(request, meeting, found)
    found.refresh_from_db(fields=["status", "quiet_until"])
    undone.tell(request, found, deciding.done(found, asked["move"]))
    if asked["move"] not in deciding.OPEN_THE_NEXT:
        return _to(request, meeting, found)
    return _to(request, meeting, Queue(meeting, request.user, request.GET).next_after(found, since))


def _decision(request: StaffRequest, meeting: Meeting, found: Registration) -> DecisionForm:
    ready = reasons.of_meeting(meeting, reason_forms.WITH_READY) if request.POST.get("ready") else []
    returnable = person.returnable(found)
    return DecisionForm(request.POST, returnable=returnable, ready=ready, language=found.language)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_decide)
def undo(request: StaffRequest, meeting: Meeting, reference: str) -> HttpResponseBase:
    """Put back what stood before a decision, while its mail waits; then this person opens again."""
    found = find_person(request, meeting, reference)
    event = request.POST.get("event", "")
    if request.method == "POST" and event.isascii() and event.isdigit():
        _try(request, lambda: workflow.undo(found.pk, event=int(event[:18]), by=request.user), _undone(found))
    return _to(request, meeting, found)


def _undone(found: Registration) -> str:
    return _("Undone: %(who)s is as before, and no mail leaves.") % {"who": found.printed_name}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_decide)
def category(request: StaffRequest, meeting: Meeting, reference: str) -> HttpResponseBase:
    """The same entity in another category. Whoever looked at an older page is told, and nothing changes."""
    found = find_person(request, meeting, reference)
    if request.method != "POST":
        return _to(request, meeting, found)
    form = CategoryForm(request.POST, screen.other_categories(found, meeting.categories.all()))
    now = found.delegation.category
    if form.data.get("seen", "") != str(now.pk):
        text = _("%(who)s is in “%(category)s” by now. Look once more, then choose.")
        messages.info(request, text % {"who": found.printed_name, "category": now.name})
    elif not form.is_valid():
        return show_person(request, meeting, found, screen.Refused(category=form))
    else:
        wanted, reason = form.cleaned_data["category"], form.cleaned_data["reason"]
        text = _("%(who)s is in “%(category)s” now. The history has the reason.")
        told = text % {"who": found.printed_name, "category": wanted.name}
        _try(request, lambda: workflow.change_category(found.pk, wanted, reason=reason, by=request.user), told)
    return _to(request, meeting, found)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_decide)
def assign(request: StaffRequest, meeting: Meeting, reference: str) -> HttpResponseBase:
    """Give the decision to a colleague, take it oneself, or leave it to nobody in particular."""
    found = find_person(request, meeting, reference)
    if request.method == "POST":
        form = AssignForm(request.POST, colleagues.of(found) | User.objects.filter(pk=request.user.pk))
        if form.is_valid():
            to = form.cleaned_data["to"]
            told = _("Assigned to %(name)s.") % {"name": to} if to else _("Assigned to nobody now.")
            _try(request, lambda: workflow.assign(found.pk, to=to, by=request.user), told)
        else:
            messages.warning(request, str(form.errors["to"][0]))
    return _to(request, meeting, found)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_decide)
def note(request: StaffRequest, meeting: Meeting, reference: str) -> HttpResponseBase:
    """A word to colleagues."""
    found = find_person(request, meeting, reference)
    if request.method != "POST":
        return _to(request, meeting, found)
    form = NoteForm(request.POST)
    if not form.is_valid() and not found.is_minor:
        return show_person(request, meeting, found, screen.Refused(note=form))
    text = form.cleaned_data.get("text", "")
    _try(request, lambda: workflow.add_note(found.pk, text=text, by=request.user), _("Note added."))
    return _to(request, meeting, found, "#notes")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_decide)
def note_remove(request: StaffRequest, meeting: Meeting, reference: str, pk: int) -> HttpResponseBase:
    """Take one's own note away."""
    found = find_person(request, meeting, reference)
    if request.method == "POST":
        mine = get_object_or_404(found.notes, pk=pk)
        _try(request, lambda: workflow.remove_note(mine.pk, by=request.user), _("Note removed."))
    return _to(request, meeting, found, "#notes")


def _try(request: StaffRequest, move: Callable[[], object], told: str) -> None:
    """Make the move and say `told`, or say why it was refused."""
    try:
        move()
    except MoveNotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, told)


def _to(request: StaffRequest, meeting: Meeting, target: Registration | None, place: str = "") -> HttpResponseBase:
    """To a person's page, or to the queue when nobody is left, under the same filter."""
    if target:
        address = reverse("admin:desk:registration", args=[meeting.slug, target.reference])
    else:
        address = reverse("admin:desk:queue", args=[meeting.slug])
    query = request.GET.urlencode()
    return redirect(f"{address}{'?' if query else ''}{query}{place}")
