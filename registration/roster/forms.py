"""One row of the roster as a form: texts that rows.py reads, so that a page and a spreadsheet cell mean the same."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from meeting.models import User

from .. import rows
from ..models import Delegation, Honorific, Modality, Question, Registration, RoleInDelegation
from ..questions import answers, fields
from . import asking
from .cells import Cell

WAS = "was-"
ON_THE_PAGE = (
    "honorific", "given_names", "family_name", "display_name", "passport_name", "functional_title", "department",
    "organisation", "role", "modality", "email", "on_behalf", "phone", "language", "birth_date",
)  # fmt: skip
SELECTS: dict[str, Any] = {
    "honorific": [("", _("None")), *Honorific.choices],
    "role": RoleInDelegation.choices,
    "modality": Modality.choices,
    "language": settings.LANGUAGES,
}
HINTS = {
    "display_name": _("Only where it differs from the names above. We never change its order, capitals or accents."),
    "passport_name": _("In Latin letters, as it stands there."),
    "birth_date": _("Like 31 May 1980. It tells persons of one name apart, and shows who is under 18."),
    "phone": _("With the country code."),
    "on_behalf": _("For ministers and others who never get mail from us: our messages go to you."),
}
LABELS = {"on_behalf": _("No mail to this person"), "modality": _("How does this person take part?")}
# Before the row is sent these are not optional; the others say that they are.
NEEDED = {"given_names", "family_name", "functional_title", "role", "email", "modality", "language"}
LEFT_TO_RIGHT = {"email", "phone", "birth_date", "passport_name"}
SHORT = {"honorific": "input--s", "birth_date": "input--s", "email": "input--m", "phone": "input--m"}


class RowForm(forms.Form):
    """The fields of a row as texts, with what each said when the page was opened. `problems` are told, not enforced."""

    given: dict[Question, Any]

    def __init__(
        self,
        *args: Any,
        registration: Registration,
        delegation: Delegation,
        organiser: User | None = None,
        **kwargs: Any,
    ) -> None:
        """`organiser` is who helps with the roster, and sees the answers that they may read."""
        kwargs.setdefault("initial", {name: rows.text_of(registration, name) for name in ON_THE_PAGE})
        super().__init__(*args, **kwargs)
        self.registration, self.delegation, self.organiser = registration, delegation, organiser
        self.questions = asking.asked_on_page(delegation, registration, organiser)
        self.answered = answers.initial(registration) if registration.pk and self.questions else {}
        labels = rows.labels()
        for name in ON_THE_PAGE:
            self.fields[name] = _field(name, labels[name], self.initial.get(name, ""))
            self.fields[name].one_of_several = name in NEEDED  # type: ignore[attr-defined]
        for name in registration.returned_fields:
            if name in self.fields:
                self.fields[name].widget.attrs["class"] = f"{SHORT.get(name, '')} input--marked".strip()
        for name, asked in fields.form_fields(self.questions, self.answered).items():
            asked.required = False  # a draft may wait for its answers; nothing is sent without them
            self.fields[name] = asked
        self.helper = _helper([fields.name_of(question) for question in self.questions])

    def clean(self) -> dict[str, Any]:
        self.given = fields.settle(self, self.questions)
        return self.cleaned_data

    def new_answers(self) -> dict[Question, Any]:
        """The answers that differ from what their editor saw; after `full_clean`."""
        return {question: value for question, value in self.given.items() if self._differs(question, value)}

    def _differs(self, question: Question, value: Any) -> bool:
        return asking.as_text(value) != self.data.get(WAS + fields.name_of(question), "")

    def stale_answers(self) -> dict[str, str]:
        """Those of them that somebody else has changed meanwhile: what stands there now."""
        found = {}
        for question, value in self.new_answers().items():
            name = fields.name_of(question)
            now = asking.as_text(self.answered.get(name))
            if now not in (self.data.get(WAS + name, ""), asking.as_text(value)):
                found[name] = now
        return found

    def cells(self) -> dict[str, Cell]:
        """Each field with what its editor saw in it."""
        return {name: Cell(self._text(name), self.data.get(WAS + name, "")) for name in ON_THE_PAGE}

    def _text(self, name: str) -> str:
        return "1" if name == "on_behalf" and self.data.get(name) else self.data.get(name, "")

    def seen(self) -> list[tuple[str, str]]:
        """What goes along with the page: what stood in each field when it was drawn."""
        asked = [fields.name_of(question) for question in self.questions]
        if self.is_bound:
            return [(WAS + name, self.data.get(WAS + name, "")) for name in (*ON_THE_PAGE, *asked)]
        texts = [(WAS + name, self.initial.get(name, "")) for name in ON_THE_PAGE]
        return texts + [(WAS + name, asking.as_text(self.answered.get(name))) for name in asked]

    def tell(self, problems: dict[str, str]) -> None:
        """Put sentences beside the fields; those of fields that are not here stand above."""
        self.full_clean()
        for name, sentence in problems.items():
            self.add_error(name if name in self.fields else None, sentence)


def _field(name: str, label: str, initial: str) -> forms.Field:
    common: dict[str, Any] = {"label": LABELS.get(name, label), "required": False, "help_text": HINTS.get(name, "")}
    if name == "on_behalf":
        return forms.BooleanField(**common)
    attrs = {"dir": "ltr" if name in LEFT_TO_RIGHT else "auto", "autocomplete": "off", "class": SHORT.get(name, "")}
    if name in SELECTS:
        choices = list(SELECTS[name])
        if initial and initial not in dict(choices):
            choices.insert(0, (initial, initial))  # what was typed and could not be read stays to be seen
        return forms.CharField(widget=forms.Select(choices=choices, attrs={"class": attrs["class"]}), **common)
    return forms.CharField(max_length=4000, widget=forms.TextInput(attrs=attrs), **common)


def _helper(questions: list[str]) -> FormHelper:
    helper = FormHelper()
    helper.form_tag, helper.disable_csrf = False, True
    helper.layout = Layout(
        Fieldset(
            _("Name"),
            "honorific",
            Div("given_names", "family_name", css_class="names"),
            "display_name",
            "passport_name",
            css_class="group",
        ),
        Fieldset(
            _("Work and role"), "functional_title", "department", "organisation", "role", "modality", css_class="group"
        ),
        Fieldset(_("How we reach this person"), "email", "on_behalf", "phone", "language", css_class="group"),
        Fieldset(_("Age"), "birth_date", css_class="group"),
    )
    if questions:
        helper.layout.append(Fieldset(_("Questions of this meeting"), *questions, css_class="group"))
    return helper
