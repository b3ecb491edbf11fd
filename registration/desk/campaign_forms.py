"""What is typed to write to many: to whom, and the words in each language."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meeting import dates
from meeting.models import Meeting, User
from meeting.templatetags.placard import own_language_name

from ..campaigns import audience, words
from ..models import Campaign, SavedView
from ..setup.moments import MomentField
from ..texts.language import LONGEST
from . import saved_views

QUERY_LENGTH = 1000


class CampaignForm(forms.Form):
    """`people` is a query of the list of people: the one the form began with, everybody, or a saved view."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("For you and your colleagues; nobody else reads it."),
        max_length=120,
        error_messages={"required": gettext_lazy("Give it a name, by which you find it again.")},
    )
    people = forms.ChoiceField(
        label=gettext_lazy("Which people"),
        help_text=gettext_lazy("Filter the list of people and press “Write to these people” there to choose others."),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the lists shown here.")},
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who reads it"),
        choices=Campaign.Audience.choices,
        initial=Campaign.Audience.PEOPLE,
        widget=forms.RadioSelect,
    )
    token = forms.UUIDField(widget=forms.HiddenInput)
    query = forms.CharField(widget=forms.HiddenInput, max_length=QUERY_LENGTH, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, meeting: Meeting, user: User, campaign: Campaign, *, query: str) -> None:
        super().__init__(data, initial=_initial(campaign, query), auto_id="id_%s")
        self.meeting, self.user = meeting, user
        carried = str(self.data.get("query", query))[:QUERY_LENGTH] if self.is_bound else query
        self.fields["people"].choices = people_choices(meeting, user, carried)  # type: ignore[attr-defined]
        for code, _name in settings.LANGUAGES:
            self._add_words(code)

    def _add_words(self, code: str) -> None:
        attrs = {"lang": code, "dir": "auto"}
        self.fields[f"subject_{code}"] = forms.CharField(
            label=_("Subject"), max_length=LONGEST["subject"], required=False, widget=forms.TextInput(attrs)
        )
        self.fields[f"title_{code}"] = forms.CharField(
            label=_("Heading"), max_length=LONGEST["title"], required=False, widget=forms.TextInput(attrs)
        )
        self.fields[f"body_{code}"] = forms.CharField(
            label=_("Text"),
            max_length=LONGEST["body"],
            required=False,
            widget=forms.Textarea({**attrs, "rows": 8}),
        )
        for part in words.PARTS:
            self.fields[f"{part}_{code}"].one_of_several = True  # type: ignore[attr-defined]

    def clean_people(self) -> str:
        query = self.cleaned_data["people"].removeprefix("?")
        try:
            audience.chosen(self.meeting, query, self.user)
        except audience.NotUnderstood as error:
            raise forms.ValidationError(str(error)) from error
        return str(query)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        written = words.cleaned(cleaned)
        if not written and not any("_" in name for name in self.errors):
            self.add_error("subject_en", _("Write the message in one language at least."))
        kind = words.kind_of(cleaned.get("audience", ""))
        for language, wrong in words.problems(written, kind).items():
            for problem in wrong:
                self.add_error(f"{problem.field}_{language}", _located(problem.field, problem.line, problem.message))
        return cleaned | {"words": written}

    def values(self) -> dict[str, Any]:
        """As the campaign keeps them."""
        data = self.cleaned_data
        return {"name": data["name"], "audience": data["audience"], "query": data["people"], "words": data["words"]}

    def languages(self) -> list[dict[str, Any]]:
        """The fields of each language; those with words or errors are open, and the first where none has any."""
        found: list[dict[str, Any]] = [
            {"code": code, "name": own_language_name(code), "fields": [self[f"{part}_{code}"] for part in words.PARTS]}
            for code, _name in sorted(settings.LANGUAGES, key=lambda pair: pair[0] != settings.LANGUAGE_CODE)
        ]
        for group in found:
            group["errors"] = any(field.errors for field in group["fields"])
            group["is_written"] = any(field.value() for field in group["fields"])
            group["is_open"] = group["errors"] or group["is_written"]
        if not any(group["is_open"] for group in found):
            found[0]["is_open"] = True
        return found

    def about_it(self) -> list[Any]:
        return [self[name] for name in ("name", "people", "audience")]


def _located(part: str, line: int, message: str) -> str:
    return _("Line %(line)d: %(what)s") % {"line": line, "what": message} if part == "body" else message


def _initial(campaign: Campaign, query: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": campaign.name,
        "people": f"?{query}",
        "audience": campaign.audience,
        "token": campaign.token or uuid.uuid4(),
        "query": query,
        "revision": campaign.revision,
    }
    for language, of in campaign.words.items():
        found |= {f"{part}_{language}": text for part, text in of.items()}
    return found


def people_choices(meeting: Meeting, user: User, query: str) -> list[tuple[str, str]]:
    """The list it began with, everybody, and the views that `user` keeps of the people; a query stands behind a "?"."""
    found = {f"?{query}": in_words(meeting, user, query), "?": _("Everybody who is expected")}
    for view in saved_views.readable_by(user, meeting, SavedView.Screen.PEOPLE):
        found.setdefault(f"?{view.query}", _("Saved view “%(name)s”") % {"name": view.name})
    return list(found.items())


def in_words(meeting: Meeting, user: User, query: str) -> str:
    """A filter as its reader would say it."""
    try:
        asked = audience.filter_of(meeting, query, user)
    except audience.NotUnderstood:
        return _("A filter that is not understood any more")
    said = [f"{asked.fields[name].label}: {asked.in_words(name)}" for name in asked.active() if name != "show"]
    return " · ".join(said) or _("Everybody who is expected")


class SendForm(forms.Form):
    """The last word: as it was looked at, to so many, now or at a time by the clocks of the meeting."""

    NOW, LATER = "now", "later"
    revision = forms.IntegerField(widget=forms.HiddenInput)
    expected = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[(NOW, gettext_lazy("Now")), (LATER, gettext_lazy("At the time below"))],
        initial=NOW,
        widget=forms.RadioSelect,
    )
    at = MomentField(label=gettext_lazy("Date and time"), required=False)
    at.one_of_several = True  # type: ignore[attr-defined]

    def __init__(self, data: Any, meeting: Meeting, **initial: Any) -> None:
        super().__init__(data, initial=initial, auto_id="send_%s")
        self.fields["at"].zone = meeting.zone  # type: ignore[attr-defined]
        place = {"place": dates.zone_city(meeting.zone)}
        self.fields["at"].help_text = _("By the clocks of the meeting: %(place)s.") % place

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("when") == self.LATER and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", _("Choose the date and the time, or send it now."))
        elif cleaned.get("when") == self.LATER and "at" in cleaned and cleaned["at"] < timezone.now():
            self.add_error("at", _("This time is past. Look at the date once more, or send it now."))
        return cleaned

    def moment(self) -> Any:
        return self.cleaned_data["at"] if self.cleaned_data["when"] == self.LATER else None
