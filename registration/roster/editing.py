"""One row on a page of its own: all its fields, what can be done with it, and what others changed meanwhile."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meeting.models import User

from .. import rows, workflow
from ..focal.access import DelegationRequest, delegation_view
from ..letters.words import address_of, without_address
from ..models import LIVE, ChangeProposal, Delegation, LetterName, Question, Registration, Status
from ..questions import answers, fields, past
from . import acts, adding, asking, cells, sealing
from .board import GONE, lines_of
from .finding import address, around, row_address, row_of
from .forms import WAS, RowForm
from .telling import shown, told

TAKE = "take-"


@require_http_methods(["GET", "HEAD", "POST"])
@delegation_view
def row(request: DelegationRequest, delegation: Delegation, reference: str) -> HttpResponse:
    registration = row_of(request, delegation, reference)
    if registration.is_minor and not request.is_organiser:
        return redirect("roster:child", delegation.meeting.slug, delegation.reference, reference)
    if request.method == "POST":
        return _save(request, delegation, registration)
    form = RowForm(registration=registration, delegation=delegation, organiser=helper(request))
    if registration.status in (Status.DRAFT, Status.RETURNED):
        form = _with_problems(form, registration)
    return _page(request, delegation, registration, form)


def helper(request: DelegationRequest) -> User | None:
    """The organiser who helps with this roster; nobody where a focal point is at work."""
    return request.actor if request.is_organiser else None


def _with_problems(form: RowForm, registration: Registration) -> RowForm:
    """The sentences of a draft beside its fields. Those of fields that are only empty wait until somebody sends it."""
    problems = {name: text for name, text in rows.problems(registration).items() if name in registration.unparsed}
    if not problems:
        return form
    told_of = RowForm(
        MultiValueDict(_as_drawn(form)),
        registration=registration,
        delegation=form.delegation,
        organiser=form.organiser,
    )
    told_of.tell(problems)
    return told_of


def _as_drawn(form: RowForm) -> dict[str, list[Any]]:
    """What the page would send back untouched, so that sentences can stand beside its fields."""
    values = {**dict(form.seen()), **form.initial, **form.answered}
    drawn = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    return {name: value for name, value in drawn.items() if value not in ([None], [False])}


def _page(
    request: DelegationRequest, delegation: Delegation, registration: Registration, form: RowForm, **more: Any
) -> HttpResponse:
    line = lines_of([registration], delegation, row_address(delegation))[0]
    context = {
        **around(request, delegation),
        "registration": registration,
        "line": line,
        "form": form,
        "can_change": registration.status not in GONE and not registration.is_minor,
        "acts": acts.possible(registration, delegation),
        "can_send": registration.status in (Status.DRAFT, Status.RETURNED) and not registration.is_minor,
        "can_substitute": registration.status in LIVE and not registration.is_minor,
        "needs_word": registration.status == Status.APPROVED and not request.is_organiser,
        "changes": _waiting_changes(registration),
        **more,
    }
    return render(request, "roster/row.html", context, status=409 if more.get("stale") else 200)


def _waiting_changes(registration: Registration) -> list[tuple[str, str, str]]:
    """Of the change that waits for the organisers each field in words, what it is, and what it would be."""
    if not getattr(registration, "change_waits", False):
        return []
    proposal = registration.proposals.filter(state=ChangeProposal.State.OPEN).first()
    labels = {**rows.labels(), "category": _("Category")}
    changes = proposal.changes.items() if proposal else []
    return [(labels.get(name, name), shown(name, was), shown(name, new)) for name, (was, new) in changes]


def _save(request: DelegationRequest, delegation: Delegation, registration: Registration) -> HttpResponse:
    form = RowForm(
        _taken(request.POST),
        request.FILES,
        registration=registration,
        delegation=delegation,
        organiser=helper(request),
    )
    if not form.is_valid():
        return _page(request, delegation, registration, form)
    if stale := form.stale_answers():
        return _answered_by_others(request, delegation, registration, form, stale)
    try:
        saved = _save_all(request, delegation, registration, form)
    except workflow.MoveNotAllowed as refused:
        messages.error(request, str(refused))
        return _page(request, delegation, registration, form)
    if saved.sealed:
        return sealing.to_its_file(request, delegation, saved.sealed)
    if saved.stale:
        return _choose(request, delegation, registration, form, saved)
    if not saved.is_written:
        form.tell(saved.errors)
        return _page(request, delegation, registration, form)
    _tell_saved(request, saved)
    if saved.errors:
        return redirect(address("row", delegation, reference=registration.reference))
    return redirect(address("workspace", delegation))


@transaction.atomic
def _save_all(
    request: DelegationRequest, delegation: Delegation, registration: Registration, form: RowForm
) -> cells.Saved:
    """Cells and answers together, or neither."""
    new, may_write = form.new_answers(), not request.is_organiser
    answered = past.between(registration, new)
    saved = cells.save(
        registration.pk, form.cells(), delegation, by=request.actor, needs_word=may_write, answered=answered
    )
    if new and saved.is_written:
        answers.save(saved.sealed.registration if saved.sealed else saved.registration, new)
        saved.answered = True
    return saved


def _answered_by_others(
    request: DelegationRequest, delegation: Delegation, registration: Registration, form: RowForm, stale: dict[str, str]
) -> HttpResponse:
    """The page once more, with what others have answered beside one's own answer."""
    data = dict(cast("QueryDict", form.data).lists())
    data |= {WAS + name: [now] for name, now in stale.items()}
    again = RowForm(MultiValueDict(data), registration=registration, delegation=delegation, organiser=form.organiser)
    texts = {fields.name_of(found.question): found.text for found in answers.of(registration)}
    again.tell(
        {
            name: _("Somebody else has answered this meanwhile: “%(text)s”. Save once more to keep yours.")
            % {"text": texts.get(name, "–")}
            for name in stale
        }
    )
    return _page(request, delegation, registration, again)


def _taken(data: Any) -> Any:
    """The fields of which somebody chose what the other one wrote say that now."""
    data = data.copy()
    for name in [key.removeprefix(TAKE) for key in data if key.startswith(TAKE)]:
        if data[TAKE + name] == "theirs":
            data[name] = data.get(WAS + name, "")
    return data


def _choose(
    request: DelegationRequest, delegation: Delegation, registration: Registration, form: RowForm, saved: cells.Saved
) -> HttpResponse:
    """The page once more: nothing is lost, and of each field that two have changed one text is chosen."""
    data = MultiValueDict(dict(cast("QueryDict", form.data).lists()))
    for name, stale in saved.stale.items():
        data[WAS + name] = stale.theirs
    again = RowForm(data, registration=registration, delegation=delegation, organiser=form.organiser)
    again.full_clean()
    labels = rows.labels()
    choices = [
        {
            "name": TAKE + name,
            "label": labels[name],
            "mine": shown(name, stale.mine) or _("nothing"),
            "theirs": shown(name, stale.theirs) or _("nothing"),
            "told": told(stale, delegation),
        }
        for name, stale in saved.stale.items()
    ]
    return _page(request, delegation, registration, again, stale=choices)


def _tell_saved(request: DelegationRequest, saved: cells.Saved) -> None:
    if saved.proposed:
        text = _("The change waits for the organisers. Until they have decided, everything stands as it was.")
    elif saved.applied or saved.answered:
        text = _("Saved.")
    else:
        text = _("Nothing was changed.")
    messages.success(request, text)
    for warning in saved.warnings.values():
        messages.info(request, warning)


@require_http_methods(["GET", "HEAD", "POST"])
@delegation_view
def add(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    """A new row, saved as a draft whatever is still missing."""
    if delegation.category.for_children:
        return redirect(address("children", delegation))
    empty = _begun(delegation, request.GET)
    form = RowForm(request.POST or None, request.FILES or None, registration=empty, delegation=delegation)
    if request.method == "POST" and form.is_valid():
        texts = {name: cell.text for name, cell in form.cells().items()}
        if any(texts[name] for name in texts if name not in rows.BLANK):
            try:
                return _added(request, delegation, empty, texts, form.new_answers())
            except workflow.MoveNotAllowed as refused:
                form.tell({"birth_date": str(refused)})
        else:
            form.tell({"given_names": _("Write at least one name, or leave this page")})
    return render(request, "roster/add.html", {**around(request, delegation), "form": form})


def _begun(delegation: Delegation, asked: Any) -> Registration:
    """An empty row, or one that begins with a name of the letter: by its number, so that no address holds the name."""
    number = asked.get("letter_name", "")
    of_ours = LetterName.objects.filter(letter__delegation=delegation, letter__registration=None)
    named = of_ours.filter(pk=number).first() if number.isascii() and number.isdigit() and len(number) < 19 else None
    texts = _said_of(named) if named else {}
    new = adding.blank(delegation)
    rows.fill(new, rows.read(texts, meeting=delegation.meeting, category=delegation.category))
    return new


def _said_of(named: LetterName) -> dict[str, str]:
    said = {
        "display_name": without_address(named.name),
        "honorific": address_of(named.name),
        "functional_title": named.remark,
    }
    return {field: text for field, text in said.items() if text}


def _added(
    request: DelegationRequest,
    delegation: Delegation,
    new: Registration,
    texts: dict[str, str],
    given: dict[Question, Any],
) -> HttpResponse:
    row = rows.read(texts, meeting=delegation.meeting, category=delegation.category)
    rows.fill(new, row)
    if sealing.is_child(new):
        return sealing.to_its_file(
            request, delegation, sealing.seal(adding.prepared(new, delegation), by=request.actor)
        )
    adding.add(delegation, [new])
    answers.save(new, given)
    for warning in row.warnings.values():
        messages.info(request, warning)
    if row.errors:
        messages.info(request, _("Saved as a draft. What is still to be mended stands beside the fields."))
        return redirect(address("row", delegation, reference=new.reference))
    messages.success(request, _("%(name)s is on the roster, as a draft.") % {"name": new.printed_name})
    if "another" in request.POST:
        return redirect(address("add", delegation))
    return redirect(address("workspace", delegation))


@require_http_methods(["GET", "HEAD", "POST"])
@delegation_view
def substitute(request: DelegationRequest, delegation: Delegation, reference: str) -> HttpResponse:
    """Somebody else comes in this person's place, with the seat or the place in line."""
    old = row_of(request, delegation, reference)
    new = adding.blank(delegation)
    new.role = old.role
    form = RowForm(request.POST or None, request.FILES or None, registration=new, delegation=delegation)
    if request.method == "POST" and form.is_valid():
        texts = {name: cell.text for name, cell in form.cells().items()}
        if problems := _filled(new, texts, delegation) | asking.wanted(form.given):
            form.tell(problems)
        else:
            try:
                _replace(old, adding.prepared(new, delegation), form.given, by=request.actor)
            except workflow.MoveNotAllowed as refused:
                messages.error(request, str(refused))
            else:
                messages.success(
                    request,
                    _("%(new)s comes in the place of %(old)s.") % {"new": new.printed_name, "old": old.printed_name},
                )
            return redirect(address("workspace", delegation))
    return render(request, "roster/substitute.html", {**around(request, delegation), "form": form, "old": old})


@transaction.atomic
def _replace(old: Registration, new: Registration, given: dict[Question, Any], *, by: User) -> None:
    answers.save(workflow.substitute(old.pk, new, by=by), given)


def _filled(new: Registration, texts: dict[str, str], delegation: Delegation) -> dict[str, str]:
    """Fill the new row; what must be mended first. It goes to the organisers at once, so nothing may be missing."""
    row = rows.read(texts, meeting=delegation.meeting, category=delegation.category)
    rows.fill(new, row)
    problems = rows.problems(new)
    if new.birth_date and rows.is_minor(new.birth_date, delegation.meeting):
        problems["birth_date"] = _("Under 18: add a row of its own, which goes to the safeguarding lead first.")
    return problems
