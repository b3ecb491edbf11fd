"""The attendees of one meeting, for systems that hold a token: who is approved, in the fields the token has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Case, CharField, F, Value, When
from django.db.models.expressions import Combinable
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router
from ninja.errors import HttpError
from ninja.security import HttpBearer

from ..models import ApiToken, Registration, Status
from ..models.registration import RegistrationQuerySet
from ..outside import told_status
from . import limits, tokens
from .asked import After, Limit, Slug
from .schemas import Attendees, Problem

signer = Signer(salt="api.attendees")


@dataclass(frozen=True)
class Field:
    label: Any
    path: str
    is_contact: bool = False

    @property
    def expression(self) -> Combinable | F:
        """Email and telephone of those who share them; of others, nothing."""
        if self.is_contact:
            return Case(When(contact_shared=True, then=F(self.path)), default=Value(""), output_field=CharField())
        return F(self.path)


# The names are the API's own, and stay. Gender, birth dates, answers and letters are not among them.
FIELDS = {
    "name": Field(_("Printed name"), "display_name"),
    "honorific": Field(_("Form of address"), "honorific"),
    "given_names": Field(_("Given names"), "given_names"),
    "family_name": Field(_("Family name"), "family_name"),
    "title": Field(_("Functional title"), "functional_title"),
    "department": Field(_("Ministry or department"), "department"),
    "organisation": Field(_("Organization"), "organisation"),
    "represents": Field(_("Represents"), "delegation__name"),
    "entity": Field(_("Code of the State or organization"), "delegation__entity__code"),
    "category": Field(_("Code of the category"), "delegation__category__code"),
    "role": Field(_("Role"), "role"),
    "modality": Field(_("Takes part"), "modality"),
    "email": Field(_("Email of those who share it"), "email", is_contact=True),
    "phone": Field(_("Telephone of those who share it"), "phone", is_contact=True),
}


class TokenAuth(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        found = tokens.find(token)
        if found is not None:
            limits.count(f"token-{found.pk}")
            tokens.note_use(found)
        return found


router = Router(tags=["attendees"], auth=TokenAuth())


@router.get(
    "/meetings/{slug}/attendees",
    response={200: Attendees, 401: Problem, 404: Problem, 422: Problem, 429: Problem},
    summary="Everybody who is approved",
    exclude_unset=True,
    operation_id="attendees",
)
def attendees(request: HttpRequest, slug: Slug, after: After = "", limit: Limit = 100) -> dict[str, Any]:
    """In an order that stays: whoever is approved later comes in a later answer or, if registered earlier, earlier.

    `limit` is at most 500. Go on with `after`, the `next` of the answer before, until there is none. Decisions that
    can still be undone are not told, and nobody under 18 is here.
    """
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    if token.meeting.slug != slug:
        raise Http404
    rows = list(_rows(token, _place(after), limit + 1))
    page = rows[:limit]
    people = [{"reference": row["reference"], **{n: row[f"api_{n}"] for n in _known(token)}} for row in page]
    return {"attendees": people, "next": signer.sign(str(page[-1]["pk"])) if len(rows) > limit else None}


def _place(after: str) -> int:
    try:
        return int(signer.unsign(after)) if after else 0
    except (BadSignature, ValueError):
        raise HttpError(422, "after: take it from “next” of the answer before, as it is.") from None


def approved(token: ApiToken) -> RegistrationQuerySet:
    """Of the token's meeting, as those outside may know it."""
    everybody = Registration.objects.filter(meeting=token.meeting_id, is_minor=False, merged_into=None)
    return everybody.annotate(told=told_status()).filter(told=Status.APPROVED)


def _known(token: ApiToken) -> list[str]:
    return [name for name in FIELDS if name in token.fields]


def _rows(token: ApiToken, after: int, most: int) -> Any:
    columns = {f"api_{name}": FIELDS[name].expression for name in _known(token)}
    return approved(token).filter(pk__gt=after).order_by("pk").values("pk", "reference", **columns)[:most]
