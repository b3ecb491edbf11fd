"""The words of a meeting's messages and letters: which there are, and the editor of one text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.db.models.functions import Length
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meeting.models import Meeting

from .. import rules, texts
from ..models import HeldKind, Wording, known_to
from ..setup import wording as changing
from ..setup.wording import Place, SavedMeanwhile
from ..texts.differences import Piece, differences
from .access import StaffRequest, desk_view
from .wording_forms import (
    FIELDS,
    WordsForm,
    categories_known_to,
    direction,
    fact_lines,
    in_words,
    place_of,
    placeholder_lines,
    usual_facts,
)

MOST_VERSIONS = 50
SENT_BY_HAND = ("invitation", "programme_changed")


@dataclass
class Row:
    """One kind of message in the list of all."""

    kind: str
    name: str
    leaves: str
    may_be_held: bool
    is_held: bool
    languages: list[str] = field(default_factory=list)  # in which the words for all are the organisers' own
    categories: dict[str, list[str]] = field(default_factory=dict)  # the same, of those with words of their own


@never_cache
@require_safe
@desk_view(rules.can_see_messages)
def wordings(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    rows = _rows(request, meeting)
    groups = [(name, [rows[kind] for kind in _kinds_of(group)]) for group, name in texts.GROUPS.items()]
    context = {
        "meeting": meeting,
        "section": "messages",
        "groups": [(name, rows) for name, rows in groups if rows],
        "language": _first_language(),
        "can_edit": rules.can_organise(request.user, meeting),
        "any_own": any(row.languages or row.categories for row in rows.values()),
    }
    return render(request, "desk/wordings.html", context)


def _kinds_of(group: str) -> list[str]:
    return [kind for kind, known in texts.KINDS.items() if known.group == group and known.is_edited]


def _first_language() -> str:
    reads = get_language() or ""
    return reads if reads in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _rows(request: StaffRequest, meeting: Meeting) -> dict[str, Row]:
    held = set(HeldKind.objects.filter(meeting=meeting).values_list("kind", flat=True))
    rows = {
        kind: Row(kind, str(known.name), _leaves(kind), changing.can_wait(kind), kind in held)
        for kind, known in texts.KINDS.items()
    }
    own = Wording.objects.filter(meeting=meeting, is_current=True).exclude(body="").select_related("category")
    if known := known_to(request.user, "meeting", "category"):  # an empty condition joined by "or" is dropped
        own = own.filter(Q(category=None) | known)
    for wording in own.defer("body").order_by("category__order", "pk"):
        if row := rows.get(wording.kind):
            of = row.categories.setdefault(wording.category.name, []) if wording.category else row.languages
            of.append(wording.language)
    return rows


def _leaves(kind: str) -> str:
    """When messages of a kind leave that never wait for a reader."""
    if texts.KINDS[kind].about == "letter":
        return _("When you issue it")
    return _("When you send it") if kind in SENT_BY_HAND else _("At once: somebody waits for it")


@require_POST
@desk_view(rules.can_organise)
def wording_hold(request: StaffRequest, meeting: Meeting, kind: str) -> HttpResponseBase:
    """Have messages of this kind wait for a reader, or no longer."""
    on = request.POST.get("on") == "1"
    if not changing.hold(meeting, kind, on=on, by=request.user):
        messages.warning(request, _("Messages of this kind cannot wait: somebody waits for them."))
    elif on:
        messages.success(request, _("From now on each of them waits in “Messages” until somebody has read it."))
    else:
        messages.success(
            request, _("From now on they leave by themselves. Those that wait already still wait for you.")
        )
    return redirect(f"{reverse('admin:desk:wordings', args=[meeting.slug])}#kind-{kind}")


@never_cache
@csp_update({"frame-src": [SELF]})
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_see_messages)
def wording(request: StaffRequest, meeting: Meeting, kind: str, language: str) -> HttpResponseBase:
    """The editor of one text; for whoever does not organise, the words to read."""
    place = place_of(request, meeting, kind, language)
    if request.method != "POST":
        return show(request, place)
    if not rules.can_organise(request.user, meeting):
        raise PermissionDenied
    return _change(request, place)


def _change(request: StaffRequest, place: Place) -> HttpResponseBase:
    form = WordsForm(request.POST)
    form.is_valid()
    act = request.POST.get("act", "save")
    words = _wanted(act, form, place)
    problems = texts.check(words, texts.KINDS[place.kind]) if words else []
    if problems:
        return show(request, place, form, problems=problems)
    try:
        saved = changing.save(place, words, seen=form.version_seen, by=request.user)
    except SavedMeanwhile as meanwhile:
        return show(request, place, form, meanwhile=meanwhile.newest)
    messages.success(request, _said(act, saved))
    return redirect(address(place))


def _wanted(act: str, form: WordsForm, place: Place) -> texts.Words | None:
    """What is to be in use; None for the words of the product. Of an earlier version, its words."""
    if act == "default":
        return None
    if act.startswith("again-"):
        chosen = _version(place, act.removeprefix("again-"))
        return changing.words_of(chosen, place) if chosen else form.words
    return form.words


def _said(act: str, saved: Wording | None) -> str:
    if saved is None:
        return _("Nothing is different, so nothing was saved.")
    if not saved.body:
        return _("Back to the words that hold without your own. Your earlier words are kept below.")
    return _("Saved as version %(n)d. Messages written from now on have these words.") % {"n": saved.version}


def _version(place: Place, number: str) -> Wording | None:
    if not (number.isascii() and number.isdecimal() and len(number) < 9):
        return None
    versions = texts.versions(place.meeting, place.kind, place.category, place.language)
    return versions.select_related("by").filter(version=int(number)).first()


def address(place: Place, name: str = "wording") -> str:
    query = f"?{urlencode({'category': place.category.code})}" if place.category else ""
    return reverse(f"admin:desk:{name}", args=[place.meeting.slug, place.kind, place.language]) + query


def show(
    request: StaffRequest,
    place: Place,
    form: WordsForm | None = None,
    *,
    problems: Iterable[texts.Problem] = (),
    meanwhile: Wording | None = None,
) -> HttpResponseBase:
    """The page with what was typed, where something was; else with what is said now."""
    newest, problems = place.newest(), list(problems)
    words = form.words if form else place.in_force
    context = {
        **_around(request, place),
        "words": words,
        "fields": _fields(words, problems),
        "is_typed": form is not None,
        "problems": [(p.field, FIELDS[p.field], in_words(p)) for p in problems],
        "newest": newest,
        "has_own": newest is not None and bool(newest.body),
        "seen": form.version_seen if form and not meanwhile else _number(newest),
        "meanwhile": meanwhile,
        "meanwhile_words": changing.words_of(meanwhile, place) if meanwhile else None,
        "facts": fact_lines(place.kind, request.POST.getlist("fact") if form else usual_facts(place.kind)),
        "who": request.POST.get("who", "") if form else "",
        **_past(request, place),
    }
    status = 422 if problems else 409 if meanwhile else 200
    return render(request, "desk/wording.html", context, status=status)


def _number(newest: Wording | None) -> int:
    """Whoever has seen these words decides with the next press."""
    return newest.version if newest else 0


def _around(request: StaffRequest, place: Place) -> dict[str, Any]:
    known, own = texts.KINDS[place.kind], _own_here(place)
    return {
        "meeting": place.meeting,
        "section": "messages",
        "place": place,
        "kind": known,
        "direction": direction(place.language),
        "languages": _languages(place, own),
        "categories": _categories(request, place, own),
        "placeholders": placeholder_lines(place),
        "is_letter": known.about == "letter",
        "about_person": known.about == "registration",
        "can_edit": rules.can_organise(request.user, place.meeting),
        "here": address(place),
        "if_looks": "{% if … %}",
        "endif_looks": "{% endif %}",
        "preview": address(place, "wording_preview"),
        "test": address(place, "wording_test"),
    }


def _fields(words: texts.Words, problems: list[texts.Problem]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": label,
            "text": getattr(words, name),
            "longest": texts.LONGEST[name],
            "problems": [in_words(p) for p in problems if p.field == name],
        }
        for name, label in FIELDS.items()
    ]


Own = list[tuple[str, str]]


def _own_here(place: Place) -> Own:
    """(language, code of the category or nothing) of each text of this kind that organisers have written."""
    own = Wording.objects.filter(meeting=place.meeting, kind=place.kind, is_current=True)
    own = own.annotate(length=Length("body")).filter(length__gt=0).order_by()
    return [(language, code or "") for language, code in own.values_list("language", "category__code")]


def _languages(place: Place, written: Own) -> list[dict[str, Any]]:
    mine = place.category.code if place.category else ""
    own = {language for language, code in written if code == mine}
    return [
        {
            "code": code,
            "link": address(Place(place.meeting, place.kind, code, place.category)),
            "has_own": code in own,
            "is_current": code == place.language,
        }
        for code, _name in settings.LANGUAGES
    ]


def _categories(request: StaffRequest, place: Place, written: Own) -> list[dict[str, Any]]:
    """For all, then each of those that the reader knows of."""
    own = {code for language, code in written if language == place.language}
    offered = [None, *categories_known_to(request.user, place.meeting).order_by("order", "pk")]
    return [
        {
            "name": each.name if each else _("All categories"),
            "link": address(Place(place.meeting, place.kind, place.language, each)),
            "has_own": (each.code if each else "") in own,
            "is_current": each == place.category,
        }
        for each in offered
    ]


def _past(request: StaffRequest, place: Place) -> dict[str, Any]:
    """Earlier versions; of the one that is looked at, what it changed."""
    versions = texts.versions(place.meeting, place.kind, place.category, place.language).select_related("by")
    looked_at = _version(place, request.GET.get("version", ""))
    listed = list(versions.defer("body").annotate(length=Length("body"))[:MOST_VERSIONS])
    return {"versions": listed, "looked_at": looked_at, "changed": _changed(place, looked_at) if looked_at else []}


def _changed(place: Place, version: Wording) -> list[tuple[Any, list[Piece]]]:
    before = _version(place, str(version.version - 1))
    found = differences(changing.words_of(before, place), changing.words_of(version, place))
    return [(FIELDS[name], pieces) for name, pieces in found.items()]
