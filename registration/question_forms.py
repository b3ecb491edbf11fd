"""What an organiser types to ask a question: checked so that no question can wait for itself or for nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from meeting.models import Role
from meeting.translated import MAIN

from .models import Question, QuestionKind, QuestionOption
from .questions import conditions, texts, versions


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    readers = forms.MultipleChoiceField(
        label=_("Who reads it"), choices=Role.choices, widget=forms.CheckboxSelectMultiple
    )
    data_class = forms.TypedChoiceField(
        label=_("How private the answer is"),
        coerce=int,
        choices=[
            (1, _("Internal: says little about a person")),
            (2, _("Personal")),
            (3, _("Restricted: needs, health, visa. Never in an export unless asked for")),
        ],
        initial=2,
    )
    only_wording = forms.BooleanField(
        label=_("I correct the wording only"),
        required=False,
        help_text=_(
            "For spelling: answers given before stand under the corrected words. Otherwise a question that somebody "
            "has answered becomes a new version, and old answers keep the words they were given under."
        ),
    )

    class Meta:
        model = Question
        exclude: list[str] = []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._check_meeting(data)
        self._check_condition(data)
        self._check_key(data)
        return data

    @property
    def _meeting(self) -> Any:
        return self.instance.meeting if self.instance.pk else self.cleaned_data.get("meeting")

    def _check_meeting(self, data: dict[str, Any]) -> None:
        """Categories and the question waited for are of the same meeting."""
        if any(category.meeting_id != self._meeting_id for category in data.get("categories") or ()):
            self.add_error("categories", _("Choose categories of the same meeting."))
        if (first := data.get("shown_if")) and first.meeting_id != self._meeting_id:
            self.add_error("shown_if", _("Choose a question of the same meeting."))

    @property
    def _meeting_id(self) -> int | None:
        return self._meeting.pk if self._meeting else None

    def _check_condition(self, data: dict[str, Any]) -> None:
        first, wanted = data.get("shown_if"), (data.get("shown_if_answer") or "").strip()
        if first is None:
            data["shown_if_answer"] = ""
            return
        if conditions.goes_in_a_circle(self._as_typed(data), first):
            self.add_error("shown_if", _("This question would wait for itself. Choose another one."))
        elif not wanted:
            self.add_error("shown_if_answer", _("Write the answer after which this question is asked."))
        else:
            self._understand(data, first, wanted)

    def _as_typed(self, data: dict[str, Any]) -> Question:
        known = self.instance
        return known if known.pk else Question(meeting=data.get("meeting"), key=data.get("key") or "")

    def _understand(self, data: dict[str, Any], first: Question, wanted: str) -> None:
        """The answer as it is stored: an option by its words becomes its key."""
        try:
            data["shown_if_answer"] = stored_answer(first, wanted)
        except ValidationError as error:
            self.add_error("shown_if_answer", error)

    def _check_key(self, data: dict[str, Any]) -> None:
        if self.instance.pk or "key" in self.errors:
            return
        data["key"] = data.get("key") or slugify(data.get(f"label_{MAIN}") or "")[:40].strip("-")
        if not data["key"]:
            self.add_error("key", _("Write a short name for exports, like arrival-day."))
        elif Question.objects.filter(meeting=data.get("meeting"), key=data["key"]).exists():
            self.add_error("key", _("Another question of this meeting has this key. Choose another."))


def stored_answer(question: Question, text: str) -> str:
    """What a condition keeps of an answer as a person writes it; a ValidationError where there is no such answer."""
    if question.kind not in conditions.CAN_BE_ASKED_ABOUT:
        raise ValidationError(_("A file cannot be waited for: choose another question."))
    value = texts.read(question, text)
    if question.kind == QuestionKind.YES_NO:
        return conditions.YES if value else conditions.NO
    if question.kind == QuestionKind.MANY_OF:
        if len(value) != 1:
            raise ValidationError(_("Write one of the answers."))
        return str(value[0])
    return str(value)


class OptionForm(forms.ModelForm):  # type: ignore[type-arg]
    """An answer to choose. Its key is made from its words, once."""

    class Meta:
        model = QuestionOption
        exclude: list[str] = []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.instance.key = self.instance.key or slugify(data.get(f"label_{MAIN}") or "")[:34].strip("-")
        return data


class OptionFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """The answers to choose, for the kinds that have some."""

    def kept(self) -> list[Any]:
        """The forms that say something and are not to be deleted."""
        return [
            form
            for form in self.forms
            if hasattr(form, "cleaned_data")
            and not form.cleaned_data.get("DELETE")
            and (form.instance.pk or form.has_changed())
        ]

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        if self.instance.kind in versions.CHOICES and not self.kept():
            raise ValidationError(_("Write at least one answer to choose from."))
        self._give_keys()

    def _give_keys(self) -> None:
        """A key for each, none twice; of two answers with the same words the second is refused."""
        taken: set[str] = set()
        for number, form in enumerate(self.kept(), start=1):
            option = form.instance
            key = option.key or f"answer-{number}"
            if key in taken and option.pk is None:
                key = f"{key[:34]}-{number}"
            taken.add(key)
            option.key = key
