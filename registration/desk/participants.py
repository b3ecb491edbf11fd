"""The list of participants at the desk: as it would be printed now, and each version that was made of it."""

from __future__ import annotations

import uuid
from collections import Counter
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meeting.dates import language_name
from meeting.models import AuditEntry, Meeting

from .. import rules
from ..issuing.glyphs import CannotPrint
from ..models import ListCheck, ListText, ListVersion
from ..participants import page
from ..participants.build import setup_of
from ..participants.noticed import warnings
from ..participants.profile import ProfileError
from ..participants.tree import Tree
from ..versions import checks, making, publishing
from ..versions.comparing import What, difference
from ..versions.formats import FORMATS, file_name
from ..versions.public import public_tree
from .access import StaffRequest, desk_view
from .participants_forms import MakeForm, Officers, SetupForm

LANGUAGES = ("en", "fr", "es", "ru", "zh-hans", "ar")
NOW = "now"


@never_cache
@require_safe
@desk_view(rules.can_export)
def participants(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    return _page(request, meeting, MakeForm(None, meeting))


@never_cache
@require_POST
@desk_view(rules.can_export)
def participants_make(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    form = MakeForm(request.POST, meeting)
    if not form.is_valid():
        return _page(request, meeting, form, status=422)
    given = form.cleaned_data
    try:
        version = making.make(
            meeting, given["kind"], form.ordered_languages(), by=request.user, note=given["note"], on=given["on"]
        )
    except (making.CannotMakeError, ProfileError) as refused:
        form.add_error(None, str(refused))
        return _page(request, meeting, form, status=422)
    told = {"version": making.called(version.kind, version.number), "n": version.people}
    messages.success(request, _("%(version)s is kept, with %(n)d people. Nothing in it changes any more.") % told)
    return redirect("admin:desk:participants", meeting.slug)


def _page(request: StaffRequest, meeting: Meeting, form: MakeForm, status: int = 200) -> HttpResponseBase:
    versions = list(ListVersion.objects.filter(meeting=meeting).select_related("made_by"))
    said = checks.counts(versions)
    context = {
        "meeting": meeting,
        "section": "people",
        "form": form,
        "setup": setup_of(meeting),
        "versions": [_row(version, older, said) for version, older in pairwise([*versions, None]) if version],
        "published": publishing.published(meeting),
        "languages": [(code, language_name(code)) for code in LANGUAGES],
        "formats": {suffix: found.name for suffix, found in FORMATS.items()},
        "language": _own_language(),
        "can_organise": rules.can_organise(request.user, meeting),
        **_now(meeting, _own_language()),
    }
    return render(request, "desk/participants.html", context, status=status)


def _now(meeting: Meeting, language: str) -> dict[str, Any]:
    """What would stand in it, and what to look at before."""
    try:
        tree = making.draft(meeting, language)
    except ProfileError as refused:
        return {"problem": str(refused)}
    return {"count": tree.count, "sections": tree.sections, "notices": warnings(meeting, tree)}


def _row(version: ListVersion, older: ListVersion | None, said: dict[int, Counter[str]]) -> dict[str, Any]:
    answers = said[version.pk]
    return {
        "asked": answers.total(),
        "right": answers[ListCheck.Answer.RIGHT],
        "corrected": answers[ListCheck.Answer.CORRECTED],
        "version": version,
        "name": making.called(version.kind, version.number),
        "languages": [(code, language_name(code)) for code in version.languages],
        "older": older,
        "is_public": bool(version.published_at and not version.unpublished_at),
    }


def _own_language() -> str:
    return get_language() or "en"


# --- Looking at one ---------------------------------------------------------------------------------------------------


@never_cache
@require_safe
@desk_view(rules.can_export)
def participants_draft(request: StaffRequest, meeting: Meeting, language: str) -> HttpResponseBase:
    """As it would be printed now."""
    return _looked_at(request, meeting, _draft(meeting, language), None)


@never_cache
@require_safe
@desk_view(rules.can_export)
def participants_version(request: StaffRequest, meeting: Meeting, token: uuid.UUID, language: str) -> HttpResponseBase:
    version = get_object_or_404(ListVersion, meeting=meeting, token=token)
    return _looked_at(request, meeting, _kept(version, language), version)


def _looked_at(request: StaffRequest, meeting: Meeting, tree: Tree, version: ListVersion | None) -> HttpResponseBase:
    there = version.languages if version else LANGUAGES
    context = {
        "meeting": meeting,
        "section": "people",
        "version": version,
        "name": making.called(version.kind, version.number) if version else _("Draft"),
        "languages": [(code, language_name(code)) for code in there],
        "formats": {suffix: found.name for suffix, found in FORMATS.items()},
        **page.context(tree),
    }
    return render(request, "desk/participants_look.html", context)


def _draft(meeting: Meeting, language: str) -> Tree:
    if language not in LANGUAGES:
        raise Http404
    try:
        return making.draft(meeting, language)
    except ProfileError:
        raise Http404 from None  # the page of the list says why


def _kept(version: ListVersion, language: str) -> Tree:
    try:
        return making.text_of(version, language)
    except ListText.DoesNotExist:
        raise Http404 from None


@never_cache
@require_safe
@desk_view(rules.can_export)
def participants_draft_file(request: StaffRequest, meeting: Meeting, language: str, suffix: str) -> HttpResponseBase:
    return _file(request, meeting, _draft(meeting, language), None, suffix)


@never_cache
@require_safe
@desk_view(rules.can_export)
def participants_file(
    request: StaffRequest, meeting: Meeting, token: uuid.UUID, language: str, suffix: str
) -> HttpResponseBase:
    version = get_object_or_404(ListVersion, meeting=meeting, token=token)
    return _file(request, meeting, _kept(version, language), version, suffix)


def _file(
    request: StaffRequest, meeting: Meeting, tree: Tree, version: ListVersion | None, suffix: str
) -> HttpResponseBase:
    found = FORMATS.get(suffix)
    if found is None:
        raise Http404
    try:
        content = found.write(tree)
    except CannotPrint as refused:
        messages.error(request, str(refused))
        return redirect("admin:desk:participants", meeting.slug)
    _record_file(request, meeting, tree, version, suffix)
    response = HttpResponse(content, content_type=found.content_type)
    name = file_name(meeting, version, tree.language, suffix)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _record_file(request: StaffRequest, meeting: Meeting, tree: Tree, version: ListVersion | None, suffix: str) -> None:
    """Written before it leaves."""
    detail = {"list": "participants", "format": suffix, "language": tree.language, "count": tree.count}
    detail |= {"version": str(version)} if version else {}
    AuditEntry.objects.create(
        meeting=meeting, by=request.user, action=AuditEntry.Action.EXPORT, about=suffix.upper(), detail=detail
    )


# --- Comparing --------------------------------------------------------------------------------------------------------


@never_cache
@require_safe
@desk_view(rules.can_export)
def participants_compare(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """From one version to another, or to what would be printed now."""
    versions = list(ListVersion.objects.filter(meeting=meeting))
    before = _chosen(versions, request.GET.get("before", ""), versions[0] if versions else None)
    if before is None:
        raise Http404
    is_now = request.GET.get("after", NOW) == NOW
    after = None if is_now else _chosen(versions, request.GET["after"], None)
    if after is None and not is_now:
        raise Http404
    language = _common_language(before, after, request.GET.get("language", ""))
    context: dict[str, Any] = {
        "meeting": meeting,
        "section": "people",
        "choices": [(str(v.token), making.called(v.kind, v.number), v) for v in versions],
        "before": before,
        "after": after,
        "language": language,
        "languages": [(code, language_name(code)) for code in before.languages],
    }
    if language:
        newer = _kept(after, language) if after else _draft(meeting, language)
        context["changes"] = _in_groups(difference(_kept(before, language), newer))
    return render(request, "desk/participants_compare.html", context)


def _chosen(versions: list[ListVersion], token: str, else_: ListVersion | None) -> ListVersion | None:
    return next((version for version in versions if str(version.token) == token), None if token else else_)


def _common_language(before: ListVersion, after: ListVersion | None, wanted: str) -> str:
    """In which both are there: the one asked for, the reader's own, else the first; none where there is none."""
    both = [code for code in before.languages if after is None or code in after.languages]
    return next((code for code in (wanted, _own_language()) if code in both), both[0] if both else "")


def _in_groups(changes: list[Any]) -> list[dict[str, Any]]:
    """By section and entity, in the order in which they come."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for change in changes:
        place = (change.section, change.entity)
        groups.setdefault(place, {"section": change.section, "entity": change.entity, "changes": []})
        groups[place]["changes"].append({"change": change, "label": What(change.what).label})
    return list(groups.values())


# --- Setting up, publishing -------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_organise)
def participants_setup(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    data = request.POST if request.method == "POST" else None
    form, elected = SetupForm(data, meeting), Officers(data, meeting)
    if data is not None and form.is_valid() & elected.is_valid():
        with transaction.atomic():
            form.save()
            elected.save()
            _record_setup(request, meeting, form.changed_data)
        messages.success(request, _("It is kept. The next version is printed so; those made before stay as they are."))
        return redirect("admin:desk:participants", meeting.slug)
    context = {"meeting": meeting, "section": "people", "form": form, "officers": elected.forms}
    return render(request, "desk/participants_setup.html", context, status=200 if data is None else 422)


def _record_setup(request: StaffRequest, meeting: Meeting, changed: list[str]) -> None:
    AuditEntry.objects.create(
        meeting=meeting, by=request.user, action=AuditEntry.Action.SETUP, about=_("List of participants"),
        detail={"fields": changed},
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_organise)
def participants_publish(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """What everybody in the world will read is shown first; a second press does it."""
    version = get_object_or_404(ListVersion, meeting=meeting, token=token)
    name = making.called(version.kind, version.number)
    if request.method == "POST":
        publishing.publish(version, by=request.user)
        messages.success(request, _("%(version)s is on the public page.") % {"version": name})
        return redirect("admin:desk:participants", meeting.slug)
    language = _own_language() if _own_language() in version.languages else version.languages[0]
    shown = public_tree(version, language)
    named = sum(len(entity.people) for section in shown.sections for entity in section.entities)
    context = {
        "meeting": meeting,
        "section": "people",
        "version": version,
        "name": name,
        "named": named,
        "unnamed": version.people - named,
        "before": publishing.published(meeting),
        **page.context(shown),
    }
    return render(request, "desk/participants_publish.html", context)


@require_POST
@desk_view(rules.can_organise)
def participants_ask(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    version = get_object_or_404(ListVersion, meeting=meeting, token=token)
    asked = checks.ask(version, by=request.user)
    if asked:
        told = ngettext("%(n)d delegation is asked by mail.", "%(n)d delegations are asked by mail.", asked)
        messages.success(request, told % {"n": asked})
    else:
        messages.info(request, _("Nobody more to ask: the others have been asked, or nobody looks after them."))
    return redirect("admin:desk:participants", meeting.slug)


@never_cache
@require_safe
@desk_view(rules.can_export)
def participants_checks(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """What the delegations answered, corrections first."""
    version = get_object_or_404(ListVersion, meeting=meeting, token=token)
    found = version.checks.select_related("delegation__category", "answered_by")
    order = {ListCheck.Answer.CORRECTED: 0, ListCheck.Answer.WAITING: 1, ListCheck.Answer.RIGHT: 2}
    context = {
        "meeting": meeting,
        "section": "people",
        "name": making.called(version.kind, version.number),
        "checks": sorted(found, key=lambda c: (order[ListCheck.Answer(c.answer)], c.delegation.sort_key)),
    }
    return render(request, "desk/participants_checks.html", context)


@require_POST
@desk_view(rules.can_organise)
def participants_unpublish(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    version = get_object_or_404(ListVersion, meeting=meeting, token=token)
    publishing.unpublish(version, by=request.user)
    messages.success(request, _("It is off the public page. Whoever has kept a copy keeps it."))
    return redirect("admin:desk:participants", meeting.slug)
