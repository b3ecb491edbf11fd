"""Words as they stand in the editor, saved or not: shown as the message they make, or mailed to oneself."""

from __future__ import annotations

import re

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from meeting.models import Meeting

from .. import rules, texts
from ..mail import reading, trying
from ..mail.rendering import Rendered
from ..models import OutgoingMail, Registration, Status
from ..setup.wording import Place
from . import wording_letter
from .access import StaffRequest, desk_view
from .wording import show
from .wording_forms import TrialForm, WordsForm, direction, in_words, place_of, somebody, usual_facts

DARK = "(prefers-color-scheme: dark)"
BODY = re.compile(r"<body[^>]*>")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_organise)
def wording_preview(request: StaffRequest, meeting: Meeting, kind: str, language: str) -> HttpResponseBase:
    """The message as a page for a frame; asked for without words, of those in force. Nothing is kept."""
    place = place_of(request, meeting, kind, language)
    form, data = _typed(request, place)
    words = form.words if form else place.in_force
    if problems := texts.check(words, texts.KINDS[kind]):
        return _framed("desk/wording_problems.html", {"problems": [in_words(p) for p in problems]})
    return _message(request, place, words, data)


def _typed(request: StaffRequest, place: Place) -> tuple[WordsForm | None, TrialForm]:
    if request.method != "POST":
        return None, TrialForm({"fact": usual_facts(place.kind)}, place.kind)
    form = WordsForm(request.POST)
    form.is_valid()
    return form, TrialForm(request.POST, place.kind)


def _message(request: StaffRequest, place: Place, words: texts.Words, form: TrialForm) -> HttpResponseBase:
    trial = form.trial(place, words)
    person = somebody(place.meeting, request.user, form.who_is_meant, place.category)
    if texts.KINDS[place.kind].about == "delegation":
        person = None  # it is about no single person
    is_letter = texts.KINDS[place.kind].about == "letter"
    message = _of_letter(trial, person) if is_letter else trial.about(person) if person else trial.about_nobody()
    head: dict[str, object] = {
        "message": message,
        "person": person,
        "would_be": _would_be(trial, person),
        "nobody_found": bool(form.who_is_meant) and person is None,
        "direction": direction(place.language),
        "language": place.language,
        "is_dark": form.is_dark,
    }
    if form.as_text:
        return _framed("desk/wording_text.html", head)
    if is_letter:
        return _framed("desk/wording_letter.html", head | {"pages": wording_letter.drawn(trial, person)})
    return _page(_with_head(message, render_to_string("desk/wording_head.html", head), dark=form.is_dark))


def _would_be(trial: trying.Trial, person: Registration | None) -> str:
    """The status that this message would tell, in words; empty where it is the person's own, or nobody's."""
    if person is None or trial.status_for(person) == person.status:
        return ""
    return str(Status(trial.status_for(person)).label)


def _of_letter(trial: trying.Trial, person: Registration | None) -> Rendered:
    subject, text = wording_letter.as_text(trial, person)
    return Rendered(subject, text, "")


def _with_head(message: Rendered, head: str, *, dark: bool) -> str:
    """The HTML part under its subject, light or dark as asked for and not as the reader's own screen is."""
    html = message.html.replace(f"@media {DARK}", "@media all" if dark else "@media not all")
    html = html.replace("color-scheme: light dark", f"color-scheme: {'dark' if dark else 'light'}")
    return BODY.sub(lambda body: body.group() + head, html, count=1)


def _framed(template: str, context: dict[str, object]) -> HttpResponseBase:
    return _page(render_to_string(template, context))


def _page(html: str) -> HttpResponseBase:
    return reading.as_a_page(OutgoingMail(html=html))


@require_POST
@csp_update({"frame-src": [SELF]})
@desk_view(rules.can_organise)
def wording_test(request: StaffRequest, meeting: Meeting, kind: str, language: str) -> HttpResponseBase:
    """The message of the words in the editor to whoever is signed in, and to nobody else."""
    place = place_of(request, meeting, kind, language)
    if texts.KINDS[kind].about == "letter":
        raise Http404  # a letter is no message
    form, data = WordsForm(request.POST), TrialForm(request.POST, kind)
    form.is_valid()
    problems = texts.check(form.words, texts.KINDS[kind])
    if problems:
        return show(request, place, form, problems=problems)
    _send(request, data.trial(place, form.words))
    return show(request, place, form)


def _send(request: StaffRequest, trial: trying.Trial) -> None:
    try:
        trying.send_test(trial, to=request.user)
    except trying.TooManyTests:
        messages.warning(
            request, _("You have sent yourself %(n)d tests in an hour. Go on later.") % {"n": trying.MOST_TESTS}
        )
        return
    said = _("A test is on its way to %(email)s. It is about nobody, and its link leads nowhere.")
    if settings.EMAIL_BACKEND.startswith("registration.mail.folder"):
        said = _("The test for %(email)s was put into the folder of messages: this server sends none.")
    messages.success(request, said % {"email": request.user.email})
