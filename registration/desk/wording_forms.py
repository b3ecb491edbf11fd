"""What the editor of a meeting's words sends: the words, and with whom they are tried out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting, User

from .. import texts
from ..lists.filters import people_of
from ..lists.search import find
from ..mail.trying import Trial
from ..models import Category, Registration, known_to
from ..setup.wording import Place
from ..texts.markup import Value

FIELDS = {"subject": _("Subject"), "title": _("Heading"), "body": _("Text")}


class WordsForm(forms.Form):
    """Whatever was typed; what is wrong with it, `texts.check` says."""

    subject = forms.CharField(label=FIELDS["subject"], required=False)
    title = forms.CharField(label=FIELDS["title"], required=False)
    body = forms.CharField(label=FIELDS["body"], required=False, widget=forms.Textarea)
    seen = forms.IntegerField(min_value=0, max_value=2_000_000_000, required=False)

    @property
    def words(self) -> texts.Words:
        said = {name: self.cleaned_data.get(name, "") for name in FIELDS}
        # A browser ends lines with two characters, of which nobody has typed one.
        return texts.Words(**{name: text.replace("\r\n", "\n").strip() for name, text in said.items()})

    @property
    def version_seen(self) -> int:
        return self.cleaned_data.get("seen") or 0


class TrialForm(forms.Form):
    """With whom words are tried out, and how the message is shown."""

    fact = forms.MultipleChoiceField(required=False)
    who = forms.CharField(max_length=120, required=False)
    part = forms.ChoiceField(choices=[("html", ""), ("text", "")], required=False)
    scheme = forms.ChoiceField(choices=[("light", ""), ("dark", "")], required=False)

    def __init__(self, data: Any, kind: str) -> None:
        super().__init__(data)
        self.fields["fact"].choices = [(name, "") for name in facts_of(kind)]  # type: ignore[attr-defined]
        self.is_valid()  # what makes no sense is left out: a preview has nothing to refuse

    def trial(self, place: Place, words: texts.Words) -> Trial:
        facts = frozenset(self.cleaned_data.get("fact", ()))
        return Trial(place.meeting, place.kind, place.language, words, facts, place.category)

    @property
    def who_is_meant(self) -> str:
        return str(self.cleaned_data.get("who", ""))

    @property
    def as_text(self) -> bool:
        return self.cleaned_data.get("part") == "text"

    @property
    def is_dark(self) -> bool:
        return self.cleaned_data.get("scheme") == "dark"


@dataclass(frozen=True)
class Line:
    """One placeholder as the list beside the words shows it."""

    name: str
    label: str
    sample: str
    is_needed: bool
    is_on: bool = False

    @property
    def inserts(self) -> str:
        return f"{{{{ {self.name} }}}}"

    @property
    def asks(self) -> str:
        return f"{{% if {self.name} %}}\n\n{{% endif %}}"


def facts_of(kind: str) -> list[str]:
    return [name for name, known in texts.KINDS[kind].placeholders.items() if known.is_fact]


def usual_facts(kind: str) -> list[str]:
    """Those of most who get such a message."""
    return [name for name in facts_of(kind) if name in ("in_person", "with_letter")]


def placeholder_lines(place: Place) -> list[Line]:
    """With what each says at this meeting, where that is known; else what it may say."""
    known = texts.KINDS[place.kind]
    trial = Trial(place.meeting, place.kind, place.language, place.default, frozenset(), place.category)
    says = trial.sample_values()
    return [
        Line(name, str(each.label), _line(says[name]), name in known.must_say)
        for name, each in known.placeholders.items()
        if not each.is_fact
    ]


def _line(value: Value) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def fact_lines(kind: str, on: Iterable[str]) -> list[Line]:
    known, holding = texts.KINDS[kind], set(on)
    return [Line(name, str(known.placeholders[name].label), "", False, name in holding) for name in facts_of(kind)]


def place_of(request: HttpRequest, meeting: Meeting, kind: str, language: str) -> Place:
    """What the address names; a kind without words of its own, a language or a category that is not there is a 404."""
    if not (kind in texts.KINDS and texts.KINDS[kind].is_edited and language in dict(settings.LANGUAGES)):
        raise Http404
    code = request.GET.get("category", "")
    category = get_object_or_404(categories_known_to(request.user, meeting), code=code) if code else None
    return Place(meeting, kind, language, category)


def categories_known_to(user: Any, meeting: Meeting) -> QuerySet[Category]:
    """Those of the meeting, without what a reviewer limited to others does not see."""
    return Category.objects.filter(known_to(user, "meeting", "pk"), meeting=meeting)


def somebody(meeting: Meeting, user: User, typed: str, category: Category | None) -> Registration | None:
    """The first whom `typed` means among those that `user` may read; nobody's child."""
    if not typed.strip():
        return None
    among = people_of(meeting, user).filter(is_minor=False)
    found = among.filter(find(meeting, typed, among).condition)
    found = found.filter(delegation__category=category) if category else found
    person = found.with_all_around().order_by("sort_key", "pk").first()
    return person.take_meeting() if person else None


def direction(language: str) -> str:
    return "rtl" if get_language_info(language)["bidi"] else "ltr"


def in_words(problem: texts.Problem) -> str:
    if problem.field != "body":
        return problem.message
    return gettext("Line %(line)d: %(message)s") % {"line": problem.line, "message": problem.message}
