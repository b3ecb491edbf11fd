"""Passkeys: what the browser is asked, and whether what it answers is right (WebAuthn, checked by fido2).

What was asked waits in the session for five minutes and is good for one answer.
"""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ..models import Passkey, User

ASKED = "passkey_asked"
SECONDS = 5 * 60
VERIFIED = UserVerificationRequirement.REQUIRED
LONGEST = 16_000


class Refused(Exception):
    """The answer does not fit what was asked, or the key is not known."""


def server() -> Fido2Server:
    site = urlsplit(settings.SITE_URL)
    party = PublicKeyCredentialRpEntity(id=site.hostname, name="Placard")
    return Fido2Server(party, verify_origin=lambda origin: origin == f"{site.scheme}://{site.netloc}")


def ask_for_new(request: HttpRequest, user: User) -> dict[str, Any]:
    """What `navigator.credentials.create` wants."""
    asked, state = server().register_begin(
        PublicKeyCredentialUserEntity(id=f"placard-{user.pk}".encode(), name=user.email, display_name=str(user)),
        credentials=_descriptors(user),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return _remember(request, "create", asked, state)


def add(request: HttpRequest, user: User, answer: str, name: str) -> Passkey:
    state = _asked(request, "create")
    try:
        data = server().register_complete(state, _parsed(answer))
    except (ValueError, KeyError, TypeError, AssertionError) as error:
        raise Refused from error
    if data.credential_data is None or Passkey.objects.filter(credential_id=data.credential_data.credential_id):
        raise Refused
    return Passkey.objects.create(
        user=user,
        name=name,
        credential_id=data.credential_data.credential_id,
        public_key=bytes(data.credential_data),
        counter=data.counter,
    )


def ask(request: HttpRequest, user: User | None) -> dict[str, Any]:
    """What `navigator.credentials.get` wants: one of this user's keys, or one that says itself whose it is.

    The latter stands for the password too, so the device has to have verified its owner.
    """
    wanted = UserVerificationRequirement.PREFERRED if user else VERIFIED
    asked, state = server().authenticate_begin(_descriptors(user) if user else None, user_verification=wanted)
    return _remember(request, "get", asked, state)


def check(request: HttpRequest, user: User | None, answer: str) -> Passkey:
    """The key that answered; Refused when it is none of `user`'s, or for no `user` none that we know."""
    state = _asked(request, "get")
    if user is None and state["user_verification"] != VERIFIED:
        raise Refused  # asked as a second factor, answered as the only one
    try:
        given = AuthenticationResponse.from_dict(_parsed(answer))
        key = Passkey.objects.select_related("user").get(credential_id=given.raw_id, **({"user": user} if user else {}))
        server().authenticate_complete(state, [AttestedCredentialData(bytes(key.public_key))], given)
    except (ValueError, KeyError, TypeError, AssertionError, Passkey.DoesNotExist) as error:
        raise Refused from error
    _count(key, given.response.authenticator_data.counter)
    return key


def _count(key: Passkey, counter: int) -> None:
    """Most keys always say nothing (0); one that counts must have counted on."""
    if (counter or key.counter) and counter <= key.counter:
        raise Refused
    unchanged = Passkey.objects.filter(pk=key.pk, counter=key.counter)
    if not unchanged.update(counter=counter, last_used_at=timezone.now()):
        raise Refused  # a copy of it answers at the same moment


def _descriptors(user: User) -> list[PublicKeyCredentialDescriptor]:
    kind = PublicKeyCredentialType.PUBLIC_KEY
    ids = user.passkeys.values_list("credential_id", flat=True)
    return [PublicKeyCredentialDescriptor(type=kind, id=bytes(found)) for found in ids]


def _remember(request: HttpRequest, kind: str, asked: Any, state: dict[str, Any]) -> dict[str, Any]:
    wanted = state["user_verification"]
    request.session[ASKED] = {
        "kind": kind,
        "at": time.time(),
        "challenge": state["challenge"],
        "user_verification": wanted and str(wanted.value),
    }
    options: dict[str, Any] = dict(asked)["publicKey"]
    return options


def _asked(request: HttpRequest, kind: str) -> dict[str, Any]:
    state = request.session.pop(ASKED, None)
    if not state or state["kind"] != kind or state["at"] < time.time() - SECONDS:
        raise Refused
    found: dict[str, Any] = state
    return found


def _parsed(answer: str) -> dict[str, Any]:
    found = json.loads(answer[:LONGEST])
    if not isinstance(found, dict):
        raise TypeError
    return found
