"""Addresses that nobody is to write to, until somebody has put them right."""

from __future__ import annotations

from ..models import UnreachableAddress


def mark_wrong(email: str) -> UnreachableAddress:
    """Whoever reads at `email` says that it is not the address of whom we mean. Nothing goes there from now on.

    A person's word counts more than what a server said before.
    """
    values = {"why": UnreachableAddress.Why.SAID_WRONG, "answer": ""}
    return UnreachableAddress.objects.update_or_create(email=email.lower(), defaults=values)[0]
