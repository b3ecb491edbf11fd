"""The programme holds nothing about persons yet (see meeting/privacy.py for the terms)."""

from meeting.privacy import Personal

PERSONAL: dict[str, Personal] = {}

NOT_PERSONAL = {
    "programme.Session": {
        "id", "meeting", "part_of", "kind", "title", "description", "agenda_item", "starts_at", "ends_at", "room",
        "access",
    },
}  # fmt: skip
