"""Addresses that nobody put right are forgotten after a year: by then nobody is written to about that meeting."""

from __future__ import annotations

import datetime

from django.utils import timezone

from ..models import UnreachableAddress

KEPT = datetime.timedelta(days=365)


def forget() -> int:
    """How many were forgotten. Any number of times."""
    return UnreachableAddress.objects.filter(since__lt=timezone.now() - KEPT).delete()[0]
