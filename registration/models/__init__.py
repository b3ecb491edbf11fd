from .delegation import Category, Delegation, Represents, Standing
from .letter import LETTER_READERS, Letter
from .mail import MailState, OutgoingMail
from .registration import (
    DECIDED,
    LIVE,
    READERS,
    ROLE_ORDER,
    SEATED,
    AccessKey,
    Honorific,
    Modality,
    Registration,
    RegistrationEvent,
    RoleInDelegation,
    Status,
    new_reference,
)

__all__ = [
    "DECIDED",
    "LETTER_READERS",
    "LIVE",
    "READERS",
    "ROLE_ORDER",
    "SEATED",
    "AccessKey",
    "Category",
    "Delegation",
    "Honorific",
    "Letter",
    "MailState",
    "Modality",
    "OutgoingMail",
    "Registration",
    "RegistrationEvent",
    "Represents",
    "RoleInDelegation",
    "Standing",
    "Status",
    "new_reference",
]
