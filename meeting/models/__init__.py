from .audit import AuditEntry
from .directory import Entity, EntityKind, EntityName, Membership, MembershipStatus, UNStatus
from .meeting import Document, FocusArea, Meeting, Milestone, Objective, Organiser, Room, Theme, Venue
from .people import Role, StaffRole, User

__all__ = [
    "AuditEntry",
    "Document",
    "Entity",
    "EntityKind",
    "EntityName",
    "FocusArea",
    "Meeting",
    "Membership",
    "MembershipStatus",
    "Milestone",
    "Objective",
    "Organiser",
    "Role",
    "Room",
    "StaffRole",
    "Theme",
    "UNStatus",
    "User",
    "Venue",
]
