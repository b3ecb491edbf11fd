"""Many at once: what will happen to each of those selected, and what did."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from meeting.models import Meeting

from .. import rules
from ..lists.filters import people_of
from ..many import running, starting, undoing
from ..models import BulkDecision, review_limits
from . import bulk as foreseen
from . import many_words, results
from .access import StaffRequest, desk_view
from .forms import MOST_AT_ONCE, NEED_A_REASON, SelectionForm, WordsForm, seen
from .queue import Queue

MOST_REFUSALS = 5  # said after undoing; the page has the others


@require_POST
@desk_view(rules.can_decide)
def selected(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """What will happen to each of those selected, and which mails will go out. Changes nothing."""
    selection = _selection(request, meeting)
    if not selection.is_valid():
        return _back_to_queue(request, meeting, selection)
    words = _words(request, meeting, selection, needed=False)
    words.is_valid()
    return _look_first(request, meeting, selection, words)


def _selection(request: StaffRequest, meeting: Meeting) -> SelectionForm:
    wanted = Queue(meeting, request.user, request.GET).wanted
    return SelectionForm(request.POST, people_of(meeting, request.user), wanted)


def _words(request: StaffRequest, meeting: Meeting, selection: SelectionForm, *, needed: bool) -> WordsForm:
    asked = selection.cleaned_data
    return WordsForm(request.POST, meeting=meeting, people=asked["people"], move=asked["move"], needed=needed)


def _look_first(
    request: StaffRequest, meeting: Meeting, selection: SelectionForm, words: WordsForm
) -> HttpResponseBase:
    cleaned, asked = selection.cleaned_data, words.asked
    lines = foreseen.forecast(cleaned["people"], asked.move, people_of(meeting, request.user), request.user)
    lines = _doubtful_first(lines, leave_out="leave_out" in request.POST)
    languages = [code for code, _n in foreseen.languages(lines)]
    shown = next((code for code in languages if code == cleaned["example"]), languages[0] if languages else "")
    will = [line for line in lines if not line.refusal]
    context = {
        "meeting": meeting,
        "section": "queue",
        "move": asked.move,
        "token": cleaned["token"],
        "title": many_words.TITLES[asked.move](len(will)),
        "button": many_words.BUTTONS[asked.move](len(will)),
        "lines": lines,
        "will": will,
        "refused": len(lines) - len(will),
        "doubtful": sum(bool(line.doubts) for line in will),
        "most": MOST_AT_ONCE if selection.more else 0,
        "words": words,
        "reason_needed": asked.move in NEED_A_REASON,
        "query": request.GET.urlencode(),
        **_mails(meeting, will),
        "example": foreseen.example(will, asked, shown),
    }
    return render(request, "desk/selected.html", context, status=422 if words.errors else 200)


def _doubtful_first(lines: list[foreseen.Line], *, leave_out: bool) -> list[foreseen.Line]:
    """Those to be looked at stand where they are seen; or are left out, and stay as they are."""
    if leave_out:
        return [line for line in lines if not line.doubts]
    return sorted(lines, key=lambda line: not line.doubts or bool(line.refusal))


def _mails(meeting: Meeting, will: list[foreseen.Line]) -> dict[str, Any]:
    """How many messages go out, when, to whom, in which languages."""
    number = sum(len(line.readers) for line in will)
    to_focal_points = sum(bool(reader.user) for line in will for reader in line.readers)
    unread = sum(bool(line.becomes and not line.readers) for line in will)
    return {
        "mails": number,
        "mails_said": many_words.mails(number, meeting),
        "besides": many_words.besides(to_focal_points=to_focal_points, unread=unread),
        "languages": foreseen.languages(will),
    }


@require_POST
@desk_view(rules.can_decide)
def confirmed(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Have it carried out, once for each page that was looked at, and show what becomes of each."""
    if found := _confirmed_before(request, meeting):
        return _to(meeting, found)
    selection = _selection(request, meeting)
    if not selection.is_valid():
        return _back_to_queue(request, meeting, selection)
    words = _words(request, meeting, selection, needed=True)
    if not words.is_valid():
        return _look_first(request, meeting, selection, words)
    rows = seen(request.POST, selection.cleaned_data["people"])
    token, query = selection.cleaned_data["token"], request.GET.urlencode()
    found = starting.start(meeting, words.asked, rows, token=token, by=request.user, query=query)
    if (found.by_id, found.meeting_id) != (request.user.pk, meeting.pk):
        raise Http404  # the token of another page
    return _to(meeting, found)


def _confirmed_before(request: StaffRequest, meeting: Meeting) -> BulkDecision | None:
    """What came of this page when it was confirmed the first time: a double click, or Back and again."""
    try:
        token = uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None
    return BulkDecision.objects.filter(token=token, meeting=meeting, by=request.user).first()


def _to(meeting: Meeting, found: BulkDecision) -> HttpResponseBase:
    return redirect("admin:desk:bulk", meeting.slug, found.token)


def _back_to_queue(request: StaffRequest, meeting: Meeting, form: SelectionForm) -> HttpResponseBase:
    for errors in form.errors.values():
        messages.error(request, str(errors[0]))
    return redirect(f"{reverse('admin:desk:queue', args=[meeting.slug])}?{request.GET.urlencode()}")


# What became of it


@never_cache
@require_safe
@desk_view(rules.can_decide)
def bulk(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """How far it is; when it is over, the result of each, what was not done first."""
    found = _find(request, meeting, token)
    everybody = people_of(meeting, request.user)
    context = {"meeting": meeting, "section": "queue", "bulk": found, "query": found.query}
    if found.ended_at is None:
        progress = results.progress(found)
        context |= {"progress": progress, "title": many_words.RUNNING[found.move](progress.total)}
        return render(request, "desk/many_progress.html", context)
    result = results.result(found, everybody, request.GET)
    context |= {**result, "title": many_words.became(found.move, done=result["done"], undone=result["undone"])}
    return render(request, "desk/many_result.html", context)


@never_cache
@require_safe
@desk_view(rules.can_decide)
def bulk_progress(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """The same for the script of the page."""
    found = _find(request, meeting, token)
    return JsonResponse({"running": found.ended_at is None, **results.progress(found).for_script()})


@require_POST
@desk_view(rules.can_decide)
def bulk_stop(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """Leave alone whoever still waits."""
    found = _find(request, meeting, token)
    running.stop(found)
    return _to(meeting, found)


@require_POST
@desk_view(rules.can_decide)
def bulk_undo(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """Take back what nobody outside has been told yet."""
    found = _find(request, meeting, token)
    undone = undoing.undo(found, people_of(meeting, request.user), by=request.user)
    _tell_undone(request, undone)
    return _to(meeting, found)


def _tell_undone(request: StaffRequest, undone: undoing.Undone) -> None:
    if undone.done:
        text = ngettext(
            "%d decision is undone. Nobody was told.", "%d decisions are undone. Nobody was told.", undone.done
        )
        messages.success(request, text % undone.done)
    if undone.left:
        text = ngettext("%d is left. Undo once more.", "%d are left. Undo once more.", undone.left)
        messages.warning(request, text % undone.left)
    for refusal in undone.refused[:MOST_REFUSALS]:
        messages.warning(request, refusal)
    if not (undone.done or undone.left or undone.refused):
        messages.info(
            request, _("Nothing is left to undo: the messages are on their way, or somebody has decided since.")
        )


@require_safe
@desk_view(rules.can_decide)
def recent(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """The latest decisions on many at this meeting."""
    found: Sequence[Any] = results.listed(_visible(request, meeting))
    return render(request, "desk/many_recent.html", {"meeting": meeting, "section": "queue", "found": found})


def _visible(request: StaffRequest, meeting: Meeting) -> Any:
    """All of the meeting; for a reviewer of some categories their own."""
    found = BulkDecision.objects.filter(meeting=meeting).select_related("by", "assigned_to")
    return found.filter(by=request.user) if meeting.pk in review_limits(request.user) else found


def _find(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> BulkDecision:
    found = _visible(request, meeting).filter(token=token).first()
    if found is None:
        raise Http404
    found.meeting = meeting
    return found  # type: ignore[no-any-return]
