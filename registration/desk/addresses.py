"""What the screen to decide shows of an address that does not work, and the form to correct it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meeting import dates

from ..lists import reach
from ..models import LIVE, FocalPoint, MailState, OutgoingMail, Registration, UnreachableAddress


@dataclass(frozen=True)
class Returned:
    """What the person's page says of an address that does not work."""

    sentence: str
    answer: str
    held: int
    focal_points: list[FocalPoint]
    can_be_corrected: bool


class AddressForm(forms.Form):
    """The right address, and the one that stood on the screen."""

    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": gettext_lazy("Write the right address."),
            "invalid": gettext_lazy("Write an address like name@example.org."),
        },
    )
    seen = forms.CharField(max_length=254, required=False)

    def __init__(self, data: Any, registration: Registration) -> None:
        super().__init__(data)
        self.registration = registration

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.lower() == self.registration.email.lower():
            raise forms.ValidationError(self._is_the_same())
        if UnreachableAddress.objects.filter(email=email.lower()).exists():
            raise forms.ValidationError(_("Messages to this address come back, too. Ask for another one."))
        return email

    def _is_the_same(self) -> str:
        if of(self.registration) is None:
            return _("This is the address that we write to already.")
        return _("This is the address that does not work. If it works again, say so instead.")


def of(registration: Registration) -> Returned | None:
    """None where nothing is known against the address, or no message goes there."""
    if not registration.email or registration.on_behalf:
        return None
    found = UnreachableAddress.objects.filter(email=registration.email.lower()).select_related("mail").first()
    if found is None:
        return None
    looking_after = FocalPoint.objects.active().filter(delegation=registration.delegation_id)
    looking_after = looking_after.select_related("user").annotate(address_fails=reach.fails("user__email"))
    held = registration.outgoing_mails.filter(state=MailState.HELD, held_for="address", focal_user=None).count()
    return Returned(
        _sentence(found, registration), found.answer, held, list(looking_after), can_be_corrected(registration)
    )


def can_be_corrected(registration: Registration) -> bool:
    """Whether messages go to an address of the person, who comes or may. One that works may be wrong all the same."""
    return bool(registration.email) and not registration.on_behalf and registration.status in LIVE


def _sentence(found: UnreachableAddress, registration: Registration) -> str:
    zone = registration.meeting.zone
    if found.why == UnreachableAddress.Why.SAID_WRONG:
        day = dates.long_date(found.since.astimezone(zone).date())
        return _("On %(day)s, whoever reads this address said that it is the wrong one.") % {"day": day}
    mail: OutgoingMail | None = found.mail
    sent = (mail and mail.sent_at) or found.since
    day = dates.long_date(sent.astimezone(zone).date())
    if mail is None or mail.registration_id != registration.pk:
        return _("A message to this address came back on %(day)s.") % {"day": day}
    return _("Our message of %(day)s came back.") % {"day": day}
