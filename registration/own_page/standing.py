"""What a delegate can do on the own page now, and why not where not."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import LIVE, ChangeProposal, Registration, SeatOffer, Status, Typist
from ..rules import why_closed

GONE = (Status.REJECTED, Status.WITHDRAWN)


@dataclass(frozen=True)
class Standing:
    """One registration as its delegate finds it. Each `why_not_…` is a sentence, empty where it can be done."""

    registration: Registration
    offer: SeatOffer | None = None
    proposal: ChangeProposal | None = None
    was_replaced: bool = False

    @classmethod
    def of(cls, registration: Registration) -> Standing:
        """Looks only for what this state can have."""
        status, offer, proposal, replaced = registration.status, None, None, False
        if status in LIVE:
            proposal = registration.proposals.filter(state=ChangeProposal.State.OPEN).first()
        if status == Status.WAITLISTED:
            offers = registration.seat_offers.filter(state=SeatOffer.State.OPEN)
            offer = offers.filter(expires_at__gt=timezone.now()).first()
        elif status in GONE:
            replaced = Registration.objects.filter(replaces=registration).exists()
        return cls(registration, offer, proposal, replaced)

    @property
    def by_focal_point_only(self) -> bool:
        """Those to whom we do not write have nobody to mail a code to."""
        return self.registration.on_behalf or self.registration.is_minor or not self.registration.email

    @property
    def _for_others(self) -> str:
        if not self.by_focal_point_only:
            return ""
        return _("The focal point of your delegation makes changes for you. Ask them.")

    @property
    def why_not_change(self) -> str:
        """Correct, or come again: whichever the state allows."""
        return self._for_others or (self.why_not_back if self.registration.status in GONE else "")

    @property
    def why_not_withdraw(self) -> str:
        if self._for_others:
            return self._for_others
        return "" if self.registration.status in LIVE else _("There is nothing to withdraw any more.")

    @property
    def why_not_seat(self) -> str:
        if self._for_others:
            return self._for_others
        return "" if self.offer else _("No seat is kept for you now. We write to you when it is your turn.")

    @property
    def why_not_take_back(self) -> str:
        if self._for_others:
            return self._for_others
        return "" if self.proposal else _("No change waits for the organisers now.")

    @property
    def why_not_back(self) -> str:
        registration = self.registration
        category = registration.delegation.category
        if self.was_replaced:
            return _("Somebody else comes in your place. Ask the focal point of your delegation, or register anew.")
        if registration.merged_into_id:
            return _("You have another registration at this meeting, and that one counts.")
        if category.typist == Typist.FOCAL_POINT:
            return _("In your category the focal point registers everybody. Ask yours to bring you back.")
        return why_closed(registration.meeting, category, delegation=registration.delegation)

    @property
    def can_change(self) -> bool:
        return not self.why_not_change

    @property
    def can_withdraw(self) -> bool:
        return not self.why_not_withdraw

    @property
    def comes_back(self) -> bool:
        return self.registration.status in GONE
