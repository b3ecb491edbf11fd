"""What looks wrong in the list of participants before it is printed, each with the place to mend it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from meeting.models import Meeting, User
from meeting.models.meeting import has_role

from .. import rules
from ..duplicates import pairs
from ..models import Delegation, FoundRight, Registration
from ..participants.findings import SHOWN, Finding, Found, Kind
from ..participants.proof import Proof
from .access import StaffRequest, desk_view

AT_FIRST = 8  # of each kind, while all kinds are shown
HINTS = {
    Kind.NO_HEAD: gettext_lazy("The list prints a heading for the head of each of these delegations."),
    Kind.TWO_HEADS: gettext_lazy("Ask the focal point which of them it is."),
    Kind.PRECEDENCE: gettext_lazy("Who comes first is left to the alphabet."),
    Kind.LETTER_NAMES: gettext_lazy("Match them with somebody, or say that they do not come."),
    Kind.NOT_NAMED: gettext_lazy("Match them with a name, or ask for a newer letter."),
    Kind.NAME_STYLE: gettext_lazy("One style for all reads best; the list itself takes names from the directory."),
    Kind.OFFICERS: gettext_lazy("They are left out among the officers too."),
    Kind.CATEGORIES: gettext_lazy("Printed once, where the list comes to them first."),
    Kind.CHILDREN: gettext_lazy("Their names are printed nowhere, wherever they stand."),
    Kind.CAPITALS: gettext_lazy("Capitals mark a family name; a whole name in capitals does not say which it is."),
    Kind.LOWER_CASE: gettext_lazy("Particles like “de”, “van” and “bin” are not meant."),
    Kind.PASSPORT: gettext_lazy("In more than order, accents and capitals."),
    Kind.NO_TITLE: gettext_lazy("The list prints one."),
    Kind.NO_ORGANISATION: gettext_lazy("Who comes for a State is printed with a ministry or an office."),
    Kind.LONG_TITLE: gettext_lazy("Most lists have one or two lines for it."),
    Kind.UNSEEN: gettext_lazy("The list leaves them out; forms, badges and files may not."),
}
# What is mended in the person's row of the roster, by an organiser.
ON_THE_ROW = {
    Kind.CAPITALS,
    Kind.LOWER_CASE,
    Kind.PASSPORT,
    Kind.NO_TITLE,
    Kind.NO_ORGANISATION,
    Kind.LONG_TITLE,
    Kind.UNSEEN,
}


class SaidForm(forms.Form):
    kind = forms.ChoiceField(choices=Kind.choices)
    registration = forms.IntegerField(required=False, min_value=1)
    delegation = forms.IntegerField(min_value=1)
    value = forms.RegexField(r"^[0-9a-f]{32}$")
    again = forms.BooleanField(required=False)


@never_cache
@require_safe
@desk_view(rules.can_read)
def proof(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    kind = _kind(request.GET.get("kind", ""))
    found = Proof(meeting, request.user, with_letters=rules.can_read_letters(request.user, meeting), kind=kind)
    most = SHOWN if kind else AT_FIRST
    link = _Links(meeting, found, organises=rules.can_organise(request.user, meeting))
    context = {
        "meeting": meeting,
        "section": "people",
        "proof": found,
        "kind": kind,
        "parts": [_part(one, most, link) for one in found.kinds],
        "right": [link.line(one) for one in found.right[:SHOWN]],
        "can_say": can_say(request.user, meeting),
        "duplicates": _duplicates(request.user, meeting) if kind is None else None,
    }
    return render(request, "desk/proof.html", context)


@require_POST
@desk_view(lambda user, meeting: can_say(user, meeting))
def proof_right(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Right as it is, or after all not."""
    form = SaidForm(request.POST)
    if form.is_valid():
        _keep(form.cleaned_data, meeting, request.user)
        said = (
            _("It is looked at again.")
            if form.cleaned_data["again"]
            else _("Kept as right. It comes back when it changes.")
        )
        messages.success(request, said)
    place = f"?kind={request.POST['only']}" if _kind(request.POST.get("only", "")) else ""
    anchor = f"#{form.cleaned_data['kind']}" if form.is_valid() else ""
    return redirect(reverse("admin:desk:proof", args=[meeting.slug]) + place + anchor)


def can_say(user: User, meeting: Meeting) -> bool:
    """Whoever decides or makes lists."""
    return has_role(user, meeting, *rules.CONTACT_READERS)


def _keep(said: dict[str, Any], meeting: Meeting, user: User) -> None:
    """About somebody whom the reader sees; whatever has changed meanwhile, it is about what they looked at."""
    about: dict[str, Any] = {"meeting": meeting, "kind": said["kind"], "registration": None, "delegation": None}
    if said["registration"]:
        about["registration"] = get_object_or_404(
            Registration.objects.visible_to(user).filter(meeting=meeting), pk=said["registration"]
        )
    else:
        delegations = Delegation.objects.filter(meeting=meeting).within_limits(user)
        about["delegation"] = get_object_or_404(delegations, pk=said["delegation"])
    if said["again"]:
        FoundRight.objects.filter(**about).delete()
    else:
        FoundRight.objects.update_or_create(
            **about, defaults={"value": said["value"], "by": user, "at": timezone.now()}
        )


def _kind(text: str) -> Kind | None:
    return Kind(text) if text in Kind.values else None


def _duplicates(user: User, meeting: Meeting) -> Any:
    return pairs.open_count(meeting, user) if rules.can_decide(user, meeting) else None


def _part(found: Found, most: int, link: _Links) -> dict[str, Any]:
    lines = [link.line(one) for one in found.first[:most]]
    more = found.count - len(lines)
    return {"kind": found.kind, "count": found.count, "hint": HINTS[found.kind], "lines": lines, "more": more}


class _Links:
    """Where each line leads: to the page where it can be mended, or for who may not, to the one that shows it."""

    def __init__(self, meeting: Meeting, found: Proof, *, organises: bool) -> None:
        self.slug, self.found, self.organises = meeting.slug, found, organises

    def line(self, finding: Finding) -> dict[str, Any]:
        said = self.found.said.get(finding.about)
        delegation = self.found.delegations[finding.delegation]
        return {"finding": finding, "delegation": delegation, "link": self._where(finding, delegation), "said": said}

    def _where(self, finding: Finding, delegation: Delegation) -> str:
        if finding.registration is None:
            return self._of_delegation(finding, delegation)
        if self.organises and finding.kind in ON_THE_ROW:
            return reverse("roster:row", args=[self.slug, delegation.reference, finding.reference])
        return reverse("admin:desk:registration", args=[self.slug, finding.reference])

    def _of_delegation(self, finding: Finding, delegation: Delegation) -> str:
        if self.organises and finding.kind == Kind.NAME_STYLE:
            return reverse("admin:registration_delegation_change", args=[delegation.pk])
        name = "roster:workspace" if self.organises else "admin:desk:delegation"
        return reverse(name, args=[self.slug, delegation.reference])
