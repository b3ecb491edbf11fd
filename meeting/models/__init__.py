from .account import AuthenticatorApp, FailedSignIn, Passkey, RecoveryCode, StaffSession
from .audit import AuditEntry
from .directory import Entity, EntityKind, EntityName, Membership, MembershipStatus, UNStatus
from .meeting import Document, FocusArea, Meeting, Milestone, Objective, Organiser, Room, Theme, Venue
from .people import Role, StaffRole, User

__all__ = [
    "AuditEntry",
    "AuthenticatorApp",
    "Document",
    "Entity",
    "EntityKind",
    "EntityName",
    "FailedSignIn",
    "FocusArea",
    "Meeting",
    "Membership",
    "MembershipStatus",
    "Milestone",
    "Objective",
    "Organiser",
    "Passkey",
    "RecoveryCode",
    "Role",
    "Room",
    "StaffRole",
    "StaffSession",
    "Theme",
    "UNStatus",
    "User",
    "Venue",
]
