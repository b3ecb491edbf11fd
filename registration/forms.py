"""The parsers of what delegates type."""

from __future__ import annotations

import re
import uuid
from functools import partial
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from meeting.dates import long_date
from meeting.models import Meeting

from .letters import files
from .models import Category, Letter, Modality, Registration, Represents, RoleInDelegation
from .names import can_be_read, tidy
from .questions.asking import AsksQuestions
from .rules import age_counts_on

PHONE = re.compile(r"^\+?[0-9][0-9 ()./-]{4,38}$")


class RepresentForm(forms.Form):
    """Step 1, asked by GET: whom, then which entity."""

    represents = forms.ChoiceField(choices=Represents.choices, required=False)
    entity = forms.SlugField(max_length=60, required=False)
    new_name = forms.CharField(max_length=200, required=False)
    draft = forms.SlugField(max_length=60, required=False)
    typed = forms.CharField(max_length=100, required=False)  # in the search field, nothing chosen yet
    late = forms.BooleanField(required=False)  # registration is closed, and this delegation may have been let in

    def clean_new_name(self) -> str:
        return tidy(self.cleaned_data["new_name"])


class TidyCharField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "")


class RegistrationForm(AsksQuestions, forms.ModelForm):
    """Step 2, about the person. Its questions follow the category; a letter that was good is not asked for twice."""

    required_css_class = ""
    # Not kept: whoever says no does not register here, and nothing they typed is stored (views.under_18).
    adult = forms.ChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether you are 18 or over")},
    )
    attempt = forms.UUIDField(widget=forms.HiddenInput, required=False)
    letter_receipt = forms.CharField(widget=forms.HiddenInput, required=False)
    letter = forms.FileField(
        label=_("Letter signed by your ministry or mission"),
        help_text=_("PDF, JPEG or PNG, up to 10 MB. It names you and your function, and bears a date and a signature."),
        required=False,
        allow_empty_file=True,  # so that our own words tell about it
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
        max_length=None,
    )

    class Meta:
        model = Registration
        fields = [
            "honorific",
            "given_names",
            "family_name",
            "display_name",
            "functional_title",
            "department",
            "organisation",
            "role",
            "modality",
            "email",
            "phone",
        ]
        field_classes = dict.fromkeys(
            ["given_names", "family_name", "display_name", "functional_title", "department", "organisation"],
            TidyCharField,
        )
        labels = {"phone": _("Telephone"), "email": _("Email"), "modality": _("How will you take part?")}
        help_texts = {
            "display_name": _(
                "Only where it differs from the names above. We never change its order, capitals or accents."
            ),
            "phone": _("With the country code."),
        }
        widgets = {
            "honorific": forms.Select(attrs={"autocomplete": "honorific-prefix", "class": "input--s"}),
            "given_names": forms.TextInput(attrs={"autocomplete": "given-name", "dir": "auto"}),
            "family_name": forms.TextInput(attrs={"autocomplete": "family-name", "dir": "auto"}),
            "display_name": forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
            "functional_title": forms.TextInput(attrs={"autocomplete": "organization-title", "dir": "auto"}),
            "department": forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
            "organisation": forms.TextInput(attrs={"dir": "auto"}),
            "role": forms.RadioSelect,
            "modality": forms.RadioSelect,
            "email": forms.EmailInput(
                attrs={"autocomplete": "email", "inputmode": "email", "class": "input--m", "dir": "ltr"}
            ),
            "phone": forms.TextInput(
                attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel", "class": "input--m", "dir": "ltr"}
            ),
        }
        error_messages = {
            "functional_title": {"required": _("Write your functional title, like Director of Social Welfare")},
            "email": {"required": _("Write the email address at which we can reach you")},
            "role": {"required": _("Choose your role in the delegation")},
            "modality": {"required": _("Choose how you will take part")},
        }

    def __init__(self, *args: Any, category: Category, kept_letter: Letter | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category, self.kept_letter = category, kept_letter
        self.accepted_letter: files.AcceptedFile | None = None
        self.initial.setdefault("attempt", uuid.uuid4())
        self._ask_age(category.meeting)
        self._ask_as_category_wants()
        self.ask_questions(category, self.instance)
        self.fields["letter"] = self.fields.pop("letter")  # stands last on the page, and so among the errors
        self.helper = self._helper()

    def _ask_age(self, meeting: Meeting) -> None:
        day = long_date(age_counts_on(meeting))
        self.fields["adult"].label = _("Will you be 18 or over on %(day)s?") % {"day": day}
        if self.instance.pk:
            self.initial.setdefault("adult", "yes")

    def _ask_as_category_wants(self) -> None:
        fields = self.fields
        fields["display_name"].required = False
        # One of the two is enough, so neither is "optional": the hint below them says it.
        fields["given_names"].one_of_several = fields["family_name"].one_of_several = True  # type: ignore[attr-defined]
        fields["role"].choices = RoleInDelegation.choices  # type: ignore[attr-defined]
        fields["modality"].choices = Modality.choices  # type: ignore[attr-defined]
        # A focal point may register somebody without an address; whoever registers alone gets our messages there.
        fields["email"].required = not self.instance.on_behalf
        fields["email"].validators = [
            EmailValidator(_("Write the whole address, with the part after the dot, like name@ministry.gov.fj"))
        ]
        fields["honorific"].choices = [("", _("None")), *fields["honorific"].choices[1:]]  # type: ignore[attr-defined]
        if self.category.represents == Represents.GOVERNMENT:
            fields["department"].required = True
            fields["department"].error_messages["required"] = _("Write the ministry or department you work for")
            fields["organisation"].label = _("Agency or institute, if another")
        else:
            fields["department"].label = _("Department or unit")
            fields["organisation"].label = _("Organization you work for, if another")
            fields["letter"].label = _("Letter signed by your organization")
        fields["letter"].required = self.category.letter_required and self.kept_letter is None
        fields["letter"].error_messages["required"] = _("Choose the signed letter that names you")

    def _helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(
            "attempt",
            "letter_receipt",
            Fieldset(_("Your age"), "adult", css_class="group"),
            Fieldset(
                _("Your name"),
                "honorific",
                Div("given_names", "family_name", css_class="names"),
                HTML("{% include 'registration/_name_hint.html' %}"),
                "display_name",
                css_class="group",
            ),
            Fieldset(
                _("Your work"), "functional_title", "department", "organisation", "role", "modality", css_class="group"
            ),
            Fieldset(
                _("How we reach you"),
                "email",
                "phone",
                HTML("{% include 'registration/_why_contact.html' %}"),
                css_class="group",
            ),
            *self.question_fieldsets(),
            Fieldset(
                _("Nomination letter"),
                HTML("{% include 'registration/_kept_letter.html' %}"),
                "letter",
                css_class="group",
            ),
        )
        return helper

    def clean_phone(self) -> str:
        phone = tidy(self.cleaned_data["phone"])
        if phone and not PHONE.match(phone):
            raise ValidationError(_("Write the number with digits and its country code, like +679 555 0142"))
        return phone

    def clean_letter(self) -> Any:
        upload = self.cleaned_data.get("letter")
        if upload is not None:
            self.accepted_letter = files.accept(upload)
        return upload

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not can_be_read((data.get("given_names") or "") + (data.get("family_name") or "")):
            if not {"given_names", "family_name"} & set(self.errors):
                self.add_error("given_names", _("Write at least one name: given names or family name"))
        elif not data.get("display_name") and "display_name" not in self.errors:
            data["display_name"] = " ".join(n for n in (data.get("given_names"), data.get("family_name")) if n)[:200]
        self.settle_answers()
        return data

    def _post_clean(self) -> None:
        # The constraints of the model that a delegate can break are told by clean() in our words already.
        self.instance.full_clean = partial(self.instance.full_clean, validate_constraints=False)  # type: ignore[method-assign]
        super()._post_clean()  # type: ignore[misc]
