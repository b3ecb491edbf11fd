"""Inviting: one entity, or a list of them; looked at first, then sent. And what became of each invitation."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meeting.collation import sort_key
from meeting.models import Entity, Meeting

from .. import rules
from ..focal import guest_list, invitations
from ..focal.guest_list import Guest
from ..imports.reader import read_table
from ..imports.table import Row, Table, UnreadableFileError
from ..mail.links import PLACEHOLDER
from ..models import Category, Invitation
from .access import StaffRequest, desk_view

PAGE = 100


class WordsForm(forms.Form):
    """What every invitation of one sending shares."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of the message"), choices=settings.LANGUAGES, initial="en"
    )
    note = forms.CharField(
        label=gettext_lazy("A word of your own"),
        help_text=gettext_lazy("Stands in the message as you write it, in your language."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class OneForm(WordsForm):
    entity = forms.CharField(
        label=gettext_lazy("State or organization"),
        help_text=gettext_lazy("Any of its names in six languages, an acronym, or the ISO code."),
        max_length=250,
        widget=forms.TextInput(attrs={"list": "entities", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Write the State or organization to invite.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Email of the mission or organization"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Write where the invitation goes."),
            "invalid": gettext_lazy("Write the whole address, such as name@mission.example."),
        },
    )
    category: forms.ModelChoiceField[Category] = forms.ModelChoiceField(
        Category.objects.none(),
        label=gettext_lazy("Category"),
        required=False,
        empty_label=gettext_lazy("As fits the entity"),
    )
    seats = forms.IntegerField(
        label=gettext_lazy("Seats"),
        help_text=gettext_lazy("Empty to follow the category."),
        min_value=0,
        max_value=guest_list.MOST_SEATS,
        required=False,
    )
    field_order = ("entity", "email", "category", "seats", "language", "note")

    def __init__(self, meeting: Meeting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.fields["category"].queryset = Category.objects.filter(meeting=meeting)  # type: ignore[attr-defined]
        self.guests: list[Guest] = []

    def clean(self) -> dict[str, Any]:
        """The same reading as of a list, so that one and many mean the same."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        chosen = {**cleaned, "category": cleaned["category"].code if cleaned["category"] else ""}
        cells = ["" if chosen[name] is None else str(chosen[name]) for name in guest_list.COLUMNS]
        self.guests = guest_list.read(
            Table(list(guest_list.COLUMNS), [Row(1, cells)]), self.meeting, cleaned["language"]
        )
        for name, sentence in self.guests[0].errors.items():
            self.add_error(name, sentence)
        return cleaned


class ManyForm(WordsForm):
    file = forms.FileField(
        label=gettext_lazy("A spreadsheet"),
        help_text=gettext_lazy(
            "XLSX, ODS or CSV, with headings: entity, email; and if you like language, category, seats."
        ),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv,.tsv,.txt"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or rows copied from one"),
        help_text=gettext_lazy("With the headings in the first row."),
        required=False,
        strip=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "mono"}),
    )
    field_order = ("file", "text", "language", "note")

    def __init__(self, meeting: Meeting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.guests: list[Guest] = []
        self.warnings: list[str] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("text", "")
        if self.errors:
            return cleaned
        if not file and not text.strip():
            raise forms.ValidationError(_("Choose a spreadsheet, or paste its rows."))
        try:
            table = read_table(file, file.name) if file else read_table(io.BytesIO(text.encode()), "rows.tsv")
            self.guests = guest_list.read(table, self.meeting, cleaned["language"])
        except UnreadableFileError as error:
            self.add_error("file" if file else "text", str(error))
        else:
            self.warnings = table.warnings if file else []
            if not self.guests:
                self.add_error("file" if file else "text", _("There is no row below the headings."))
        return cleaned


@require_safe
@desk_view(rules.can_organise)
def listing(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """What became of each invitation, newest first."""
    all_of_them = Invitation.objects.filter(delegation__meeting=meeting)
    state = request.GET.get("state", "")
    shown = all_of_them.filter(state=state) if state in Invitation.State.values else all_of_them
    place = request.GET.get("after", "")
    page = shown.filter(pk__lt=int(place)) if place.isdecimal() and len(place) < 15 else shown
    rows = list(page.select_related("delegation__category", "sent_by").order_by("-pk")[: PAGE + 1])
    context = {
        "meeting": meeting,
        "section": "delegations",
        "rows": rows[:PAGE],
        "following": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "state": state,
        "tabs": tabs(all_of_them, state),
    }
    return render(request, "desk/invitations.html", context)


def tabs(all_of_them: Any, state: str) -> list[dict[str, Any]]:
    counts = dict(all_of_them.order_by().values_list("state").annotate(n=Count("pk")))
    labels = {"": _("All"), **{s.value: str(s.label) for s in Invitation.State}}
    numbers = {"": sum(counts.values()), **counts}
    return [
        {"state": value, "label": label, "count": numbers.get(value, 0), "is_current": value == state}
        for value, label in labels.items()
        if numbers.get(value) or value in ("", state)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_organise)
def one(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Choose whom; the next page shows the message. Changes nothing."""
    asked = {"entity": request.GET.get("entity", "")[:250], "language": translation.get_language()}
    form = OneForm(meeting, request.POST if request.method == "POST" else None, initial=asked)
    if request.method == "POST" and form.is_valid():
        return look(request, meeting, form.guests, form.cleaned_data)
    context = {"meeting": meeting, "section": "delegations", "form": form, "entities": entities(meeting)}
    return render(request, "desk/invite_one.html", context, status=422 if form.errors else 200)


def entities(meeting: Meeting) -> list[str]:
    """The names to choose from, in the reader's language."""
    language = translation.get_language() or "en"
    listed = Entity.objects.listed().with_names()
    named = [e.name(language, profile=meeting.name_profile, on=meeting.starts_on) for e in listed]
    return sorted(named, key=lambda name: sort_key(name, language))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_organise)
def many(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """A spreadsheet or pasted rows; the next page shows every row with its errors. Changes nothing."""
    is_sent = request.method == "POST"
    sent = (request.POST, request.FILES) if is_sent else ()
    form = ManyForm(meeting, *sent, initial={"language": translation.get_language()})
    if is_sent and form.is_valid():
        return look(request, meeting, form.guests, form.cleaned_data, warnings=form.warnings)
    context = {"meeting": meeting, "section": "delegations", "form": form}
    return render(request, "desk/invite_many.html", context, status=422 if form.errors else 200)


def look(
    request: StaffRequest,
    meeting: Meeting,
    guests: list[Guest],
    said: dict[str, Any],
    *,
    warnings: list[str] = (),  # type: ignore[assignment]
) -> HttpResponseBase:
    """Every row with what is wrong, the message as the first of them gets it, and how many go out."""
    good = [guest for guest in guests if not guest.errors]
    context = {
        "meeting": meeting,
        "section": "delegations",
        "guests": guests,
        "good": good,
        "bad": len(guests) - len(good),
        "text": guest_list.as_text(guests),
        "words": said,
        "warnings": warnings,
        "example": example(good[0], said["note"]) if good else None,
    }
    return render(request, "desk/invite_look.html", context)


def example(guest: Guest, note: str) -> dict[str, Any]:
    assert guest.delegation is not None  # noqa: S101 - a row without errors has one
    seats = guest.seats if guest.seats is not None else guest.delegation.quota
    mail = invitations.example(guest.delegation, language=guest.language, note=note, seats=seats)
    text = mail.text.replace(PLACEHOLDER, _("(here stands the link of this entity)"))
    return {"to": guest.email, "language": guest.language, "subject": mail.subject, "text": text}


@require_POST
@desk_view(rules.can_organise)
def send(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Invite those of the looked-at list that have no errors. Where that are others than were seen, look again."""
    form = ManyForm(meeting, request.POST)
    if not form.is_valid():
        context = {"meeting": meeting, "section": "delegations", "form": form}
        return render(request, "desk/invite_many.html", context, status=422)
    good = [guest for guest in form.guests if not guest.errors]
    if str(len(good)) != request.POST.get("expected"):
        messages.warning(request, _("Something has changed since you looked. Please look again; nothing was sent."))
        return look(request, meeting, form.guests, form.cleaned_data)
    sent = sum(_sent(request, guest, form.cleaned_data["note"]) for guest in good)
    messages.success(request, ngettext("%d invitation is on its way.", "%d invitations are on their way.", sent) % sent)
    return redirect("admin:desk:invitations", meeting.slug)


def _sent(request: StaffRequest, guest: Guest, note: str) -> bool:
    assert guest.delegation is not None  # noqa: S101 - a row without errors has one
    try:
        invitations.invite(
            guest.delegation,
            email=guest.email,
            language=guest.language,
            note=note,
            seats=guest.seats,
            by=request.user,
        )
    except invitations.Refused as refusal:  # a colleague was quicker
        messages.error(request, str(refusal))
        return False
    return True


@require_POST
@desk_view(rules.can_organise)
def again(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    invitation = _of(meeting, pk)
    try:
        invitations.send_again(invitation.pk, by=request.user)
    except invitations.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation to %(email)s is on its way again.") % {"email": invitation.email})
    return _back(request, invitation)


@require_POST
@desk_view(rules.can_organise)
def withdraw(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    invitation = _of(meeting, pk)
    invitations.withdraw(invitation.pk, by=request.user)
    messages.success(request, _("The invitation is withdrawn; its links open nothing any more."))
    return _back(request, invitation)


def _of(meeting: Meeting, pk: int) -> Invitation:
    return get_object_or_404(Invitation.objects.select_related("delegation"), delegation__meeting=meeting, pk=pk)


def _back(request: StaffRequest, invitation: Invitation) -> HttpResponseBase:
    slug = request.resolver_match.kwargs["slug"]  # type: ignore[union-attr]
    if request.POST.get("from") == "delegation":
        return redirect("admin:desk:delegation", slug, invitation.delegation.reference)
    return redirect("admin:desk:invitations", slug)
