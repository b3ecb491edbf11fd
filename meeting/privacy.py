"""Why each field about a person is kept, who reads it, and how long. The build fails for a field that is in no table.

Classes: 0 public, 1 internal, 2 personal, 3 restricted personal. Lifetimes count from the last day of the meeting
unless they say otherwise.
"""

from typing import NamedTuple


class Personal(NamedTuple):
    """A field about a person."""

    purpose: str
    data_class: int
    readers: str
    keep: str


STAFF = "administrators; organisers of the same meeting"
PERSONAL = {
    "meeting.User.email": Personal("signs the person in", 2, STAFF, "until the account is removed"),
    "meeting.User.name": Personal("shows colleagues who decided", 2, STAFF, "until the account is removed"),
    "meeting.User.language": Personal("the language of our mails to staff", 1, STAFF, "until the account is removed"),
    "meeting.User.password": Personal(
        "signs the person in; Argon2id hash", 3, "nobody", "until the account is removed"
    ),
    "meeting.User.last_login": Personal(
        "shows accounts nobody uses", 2, "administrators", "until the account is removed"
    ),
    "meeting.AuthenticatorApp.secret": Personal(
        "checks the six digits of the person's app; sealed", 3, "nobody", "until the app is taken away"
    ),
    "meeting.AuthenticatorApp.last_used_at": Personal(
        "shows the person what they use", 2, "the person", "until the app is taken away"
    ),
    "meeting.Passkey.name": Personal("tells the person's passkeys apart", 2, "the person", "until it is removed"),
    "meeting.Passkey.credential_id": Personal("finds the passkey", 2, "nobody", "until it is removed"),
    "meeting.Passkey.public_key": Personal("checks the passkey's signature", 2, "nobody", "until it is removed"),
    "meeting.Passkey.last_used_at": Personal("shows the person what they use", 2, "the person", "until it is removed"),
    "meeting.RecoveryCode.digest": Personal("checks a recovery code; a digest", 3, "nobody", "until replaced"),
    "meeting.RecoveryCode.used_at": Personal("counts the codes that are left", 2, "the person", "until replaced"),
    "meeting.StaffSession.session_key": Personal("ends the session", 3, "nobody", "until the session ends"),
    "meeting.StaffSession.browser": Personal("shows where one is signed in", 2, "the person", "until the session ends"),
    "meeting.StaffSession.system": Personal("shows where one is signed in", 2, "the person", "until the session ends"),
    "meeting.StaffSession.address": Personal("shows where one is signed in", 2, "the person", "until the session ends"),
    "meeting.StaffSession.last_used_at": Personal(
        "shows where one is signed in", 2, "the person", "until the session ends"
    ),
    "meeting.FailedSignIn.account": Personal("slows down who guesses; a keyed digest", 2, "nobody", "24 hours"),
    "meeting.FailedSignIn.network": Personal("slows down who guesses", 2, "nobody", "24 hours"),
    "meeting.FailedSignIn.browser": Personal("slows down who guesses; a random number", 2, "nobody", "24 hours"),
    "meeting.AuditEntry.by": Personal("who exported or read", 2, "auditors", "36 months"),
    "meeting.AuditEntry.detail": Personal("what was exported: filter and count, no rows", 1, "auditors", "36 months"),
    "meeting.AuditEntry.subject": Personal("whose history it belongs to, by reference", 2, "auditors", "36 months"),
    "meeting.AuditEntry.about": Personal(
        "which record was read, by reference; whose roles were changed, by email", 2, "auditors", "36 months"
    ),
    "meeting.Meeting.rapporteur": Personal("a public office", 0, "everybody", "permanent"),
    "meeting.Meeting.rapporteur_note": Personal("a public office", 0, "everybody", "permanent"),
    "meeting.Meeting.contact_email": Personal("a functional mailbox", 0, "everybody", "permanent"),
    "meeting.Meeting.safeguarding_email": Personal("a functional mailbox", 0, "everybody", "permanent"),
}

# Fields that say nothing about a person. Columns of other languages follow their original.
NOT_PERSONAL = {
    "meeting.User": {"id", "is_staff", "is_active", "is_superuser", "date_joined"},
    "meeting.StaffRole": {"id", "user", "meeting", "role"},
    "meeting.AuthenticatorApp": {"id", "user", "last_step", "created_at"},
    "meeting.Passkey": {"id", "user", "counter", "created_at"},
    "meeting.RecoveryCode": {"id", "user"},
    "meeting.StaffSession": {"id", "user", "started_at", "ends_at"},
    "meeting.FailedSignIn": {"id", "step", "at"},
    "meeting.AuditEntry": {"id", "meeting", "action", "at"},
    "meeting.Meeting": {
        "id", "slug", "title", "subtitle", "short_title", "starts_on", "ends_on", "time_zone", "date_note", "venue",
        "lead", "introduction", "practical_information", "programme_note", "privacy_notice", "reference_prefix",
        "name_profile", "membership_body", "registration_opens_at", "registration_closes_at",
        "registration_held_open", "held_open_note", "decision_grace_minutes", "decision_days", "digest_hour",
        "digested_on",
        "seat_offer_hours", "children_per_chaperone", "same_sex_chaperone",
        "previous", "is_published", "changed_at",
    },
    "meeting.Venue": {"id", "name", "short_name", "address", "city", "country", "step_free"},
    "meeting.Room": {"id", "venue", "name", "capacity", "floor"},
    "meeting.Organiser": {"id", "meeting", "order", "name", "acronym", "entity"},
    "meeting.Milestone": {"id", "meeting", "order", "when", "what", "is_this_meeting"},
    "meeting.Objective": {"id", "meeting", "number", "text"},
    "meeting.FocusArea": {"id", "meeting", "number", "text"},
    "meeting.Theme": {"id", "meeting", "number", "title", "description"},
    "meeting.Document": {"id", "meeting", "order", "title", "language", "file", "size", "is_published"},
    "meeting.Entity": {
        "id", "code", "kind", "acronym", "iso2", "iso3", "m49", "un_status", "ecosoc_status", "is_checked",
    },
    "meeting.EntityName": {
        "id", "entity", "language", "profile", "name", "formal", "valid_from", "valid_to", "search_only", "source",
        "sort_key", "search_key",
    },
    "meeting.Membership": {"id", "entity", "body", "status"},
}  # fmt: skip
