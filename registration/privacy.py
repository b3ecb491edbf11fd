"""Why each field about a delegate is kept, who reads it, and how long (see meeting/privacy.py for the terms)."""

from meeting.privacy import Personal

DECIDE = "the delegate by private link; organisers, reviewers, auditors and list staff of the meeting"
REACH = "the delegate by private link; organisers and reviewers, list staff in exports"
PRINTED = "24 months; the list of participants for ever"

PERSONAL = {
    "registration.Registration.honorific": Personal("addresses the person rightly", 2, DECIDE, PRINTED),
    "registration.Registration.given_names": Personal("compared with the identity document at the desk", 2, DECIDE, PRINTED),
    "registration.Registration.family_name": Personal("compared with the identity document at the desk", 2, DECIDE, PRINTED),
    "registration.Registration.display_name": Personal("printed on badge and list", 2, DECIDE, PRINTED),
    "registration.Registration.functional_title": Personal("printed in the list; read beside the letter", 2, DECIDE, PRINTED),
    "registration.Registration.department": Personal("printed in the list; read beside the letter", 2, DECIDE, PRINTED),
    "registration.Registration.organisation": Personal("printed in the list; read beside the letter", 2, DECIDE, PRINTED),
    "registration.Registration.role": Personal("order in the list", 2, DECIDE, PRINTED),
    "registration.Registration.modality": Personal("seats and online links", 2, DECIDE, "24 months"),
    "registration.Registration.email": Personal("our messages about this meeting", 2, REACH, "12 months"),
    "registration.Registration.phone": Personal("reaching the person during the meeting", 2, REACH, "12 months"),
    "registration.Registration.language": Personal("language of our messages", 2, REACH, "12 months"),
    "registration.Registration.status_reason": Personal("tells the delegate why", 2, DECIDE, "24 months"),
    "registration.Registration.sort_key": Personal("order by name; derived", 2, "nobody", PRINTED),
    "registration.Registration.search_key": Personal("search by name; derived", 2, "nobody", PRINTED),
    "registration.Registration.delegation": Personal("whom the person represents", 2, DECIDE, PRINTED),
    "registration.RegistrationEvent.by": Personal("who decided", 2, "staff of the meeting", "24 months"),
    "registration.RegistrationEvent.reason": Personal("why it was decided", 2, DECIDE, "24 months"),
    "registration.Letter.file": Personal("proves the right to come", 2, "organisers and reviewers of the meeting, each read recorded", "12 months"),
    "registration.Letter.original_name": Personal("lets the sender recognise the file", 2, DECIDE, "12 months"),
    "registration.Letter.sha256": Personal("finds the same letter sent twice", 2, "nobody", "12 months"),
    "registration.OutgoingMail.to": Personal("where the message goes", 2, REACH, "12 months"),
    "registration.OutgoingMail.subject": Personal("the message as sent", 2, REACH, "12 months"),
    "registration.OutgoingMail.text": Personal("the message as sent, without its private link", 2, REACH, "12 months"),
    "registration.OutgoingMail.html": Personal("the message as sent, without its private link", 2, REACH, "12 months"),
    "registration.OutgoingMail.last_error": Personal("what the mail server said, address masked", 1, "organisers", "12 months"),
    "registration.AccessKey.digest": Personal("opens the person's page; a hash", 3, "nobody", "12 months"),
}  # fmt: skip

NOT_PERSONAL = {
    "registration.Category": {
        "id", "meeting", "code", "order", "name", "represents", "kinds", "standings", "letter_required", "quota",
        "delegation_quota", "is_open", "closes_at",
    },
    "registration.Delegation": {"id", "meeting", "category", "entity", "quota", "name", "sort_key"},
    "registration.Registration": {
        "id", "meeting", "reference", "attempt", "status", "status_since", "submitted_at", "created_at", "changed_at",
    },
    "registration.RegistrationEvent": {"id", "registration", "at", "from_status", "to_status"},
    "registration.AccessKey": {"id", "registration", "created_at", "revoked_at"},
    "registration.Letter": {"id", "meeting", "delegation", "registration", "media_type", "size", "received_at"},
    "registration.OutgoingMail": {
        "id", "key", "meeting", "registration", "kind", "reply_to", "language", "with_calendar", "state", "attempts",
        "not_before", "claimed_at", "sent_at", "created_at",
    },
}  # fmt: skip
