"""Who gets what at every address: one table, and a test that no address is missing from it.

The cast, all but the first signed in: a visitor; staff without a role; an organiser of another meeting; and, of this
meeting, list staff, an auditor, a reviewer, a programme officer, an organiser; an administrator; then, of this meeting
again, the other roles one by one, and two reviewers with limits: `limited` to another category than that of the record
the address is about, `within` to its own. 302 is the way to the sign-in page (or onwards, where the table says so), 403
"not with your role", 404 "not yours, so it is not there".
"""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from meeting import urls as meeting_urls
from meeting.models import AuditEntry, Document, Role, Room, User, Venue
from meeting.models.meeting import RESERVED_SLUGS
from registration import urls as registration_urls
from registration.issuing.issue import Wanted, issue
from registration.mail.stopping import url_to_stop
from registration.models import (
    AccessKey,
    ApiToken,
    BulkDecision,
    Campaign,
    CannedReason,
    DomainPace,
    ExportJob,
    ExportSchedule,
    FocalPoint,
    FrozenView,
    Invitation,
    LetterBatch,
    Letterhead,
    LetterSetup,
    Likeness,
    ListVersion,
    Note,
    OutgoingMail,
    ReviewedCategory,
    RosterImport,
    SavedView,
    Statement,
    Status,
)
from registration.participants.tree import Head, Tree
from tests.factories import (
    CategoryFactory,
    ChildPaperFactory,
    FileAnswerFactory,
    LetterFactory,
    MeetingFactory,
    QuestionFactory,
    RegistrationFactory,
    SessionFactory,
    StaffRoleFactory,
    UserFactory,
)

CAST = ("visitor", "stranger", "foreigner", "lists", "auditor", "reviewer", "programme", "organiser", "administrator")
CAST += ("desk", "visa", "rapporteur", "safeguarding", "limited", "within")
EVERYBODY = (200,) * len(CAST)


def staff(
    stranger,
    foreigner,
    lists,
    auditor,
    reviewer,
    programme,
    organiser,
    administrator=200,
    *,
    desk=None,
    visa=None,
    rapporteur=None,
    safeguarding=None,
    limited=None,
    within=None,
):
    """Answers to everybody but the visitor, who is asked to sign in.

    Unless told otherwise the roles that read no registrations get what the programme officer gets, and reviewers with
    limits what a reviewer gets: a page about a record says `limited=404` itself.
    """
    others = (programme if answer is None else answer for answer in (desk, visa, rapporteur, safeguarding))
    reviewers = (reviewer if answer is None else answer for answer in (limited, within))
    of_all = (302, stranger, foreigner, lists, auditor, reviewer, programme, organiser, administrator)
    return (*of_all, *others, *reviewers)


READ = staff(404, 404, 200, 200, 200, 403, 200)
DECIDE = staff(404, 404, 403, 403, 200, 403, 200)
ORGANISE = staff(404, 404, 403, 403, 403, 403, 200)
ISSUE = staff(404, 404, 403, 403, 403, 403, 200, visa=200)
# A page about one record: nobody there for the reviewer of another category.
READ_ONE = staff(404, 404, 200, 200, 200, 403, 200, limited=404)
DECIDE_ONE = staff(404, 404, 403, 403, 200, 403, 200, limited=404)
DO_ONE = staff(404, 404, 403, 403, 302, 403, 302, 302, limited=404)
SEALED = staff(404, 404, 403, 403, 403, 403, 403, safeguarding=200)
SENT = staff(404, 404, 404, 404, 404, 404, 403, 403)
EXPORT = staff(404, 404, 200, 403, 403, 403, 200)

TABLE = {
    "healthz": EVERYBODY,
    "readyz": EVERYBODY,
    "meeting:list": EVERYBODY,
    "meeting:accessibility": EVERYBODY,
    "meeting:detail": EVERYBODY,
    "meeting:documents": EVERYBODY,
    "meeting:document": EVERYBODY,
    "meeting:practical": EVERYBODY,
    "meeting:privacy": EVERYBODY,
    "meeting:concern": EVERYBODY,
    "meeting:my_page": EVERYBODY,
    "programme:detail": EVERYBODY,
    "registration:represent": EVERYBODY,
    "registration:entities": EVERYBODY,
    "registration:form": EVERYBODY,
    # Whoever holds the link; test_a_made_up_link_opens_nothing has the other half.
    "registration:change": EVERYBODY,
    "registration:webhook": (404,) * len(CAST),  # no provider is set up; with one, tests/registration/bounces
    "registration:check": EVERYBODY,
    "api:openapi-json": EVERYBODY,
    "api:api-root": (404,) * len(CAST),
    "api:participants": EVERYBODY,
    "api:attendees": (401,) * len(CAST),  # no role counts there, only a token: tests/registration/api
    "registration:participants": EVERYBODY,
    "registration:participants_in": EVERYBODY,
    "registration:participants_file": EVERYBODY,
    "registration:verify_any": EVERYBODY,
    "registration:verify": EVERYBODY,
    "private:page": EVERYBODY,
    # The way to the code, which is mailed; and from there, without a wish, back to the page.
    "private:code": (302,) * len(CAST),
    "private:change": (302,) * len(CAST),
    "private:withdraw": (302,) * len(CAST),
    "private:seat": (302,) * len(CAST),
    "private:proposal": (302,) * len(CAST),
    "private:answer": EVERYBODY,
    "private:information": (302,) * len(CAST),
    "private:sharing": (302,) * len(CAST),
    "private:stop": EVERYBODY,  # the address in a message to many, for whoever reads it
    "private:messages": EVERYBODY,
    "private:message": (404,) * len(CAST),  # it has not left
    "private:address": EVERYBODY,
    # A mailed link signs in to delegations, beside whatever else one is: staff without one are asked for an address.
    "focal:sign_in": EVERYBODY,
    "focal:mine": (302,) * len(CAST),
    "focal:enter": (410,) * len(CAST),  # the key of a registration opens nothing here
    "focal:invitation": (410,) * len(CAST),
    "focal:sign_out": (302,) * len(CAST),
    # The organisers of its meeting; its focal points are in tests/registration/focal.
    "roster:workspace": staff(404, 404, 404, 404, 404, 404, 200),
    **dict.fromkeys(
        (
            "roster:add",
            "roster:paste",
            "roster:order",
            "roster:head",
            "roster:submit",
            "roster:row",
            "roster:substitute",
        ),
        staff(404, 404, 404, 404, 404, 404, 200),
    ),
    "roster:act": staff(404, 404, 404, 404, 404, 404, 200),
    "roster:cell": staff(404, 404, 404, 404, 404, 404, 400, 400),  # the body of the others is no cell
    "roster:undo_paste": staff(404, 404, 404, 404, 404, 404, 302, 302),
    "roster:returning": staff(404, 404, 404, 404, 404, 404, 200),
    "roster:returning_confirmed": staff(*[404] * 8),  # there is no earlier one to pick from
    "roster:focal_points": staff(404, 404, 404, 404, 404, 404, 200),
    "roster:focal_point_end": staff(404, 404, 404, 404, 404, 404, 200),
    "roster:focal_point_hand_over": staff(404, 404, 404, 404, 404, 404, 200),
    "admin:desk:start": staff(200, 302, 302, 302, 302, 200, 302, 200, visa=302, safeguarding=302),
    "admin:desk:queue": READ,
    # Everybody who reads the queue keeps views of it, posted here without a name; one's own is dropped by oneself.
    "admin:desk:save_view": staff(404, 404, 302, 302, 302, 403, 302, 302),
    "admin:desk:drop_view": staff(404, 404, 404, 404, 404, 403, 404, 404),
    "admin:desk:registration": READ_ONE,
    "admin:desk:people": READ,
    "admin:desk:people_print": READ,
    "admin:desk:people_views": READ,
    # A view that a colleague shares, and a link that a colleague made.
    "admin:desk:change_view": staff(404, 404, 404, 404, 404, 403, 302, 302),
    "admin:desk:freeze_view": staff(404, 404, 302, 302, 302, 403, 302, 302),
    "admin:desk:frozen_view": staff(404, 404, 302, 302, 302, 404, 302, 302),
    "admin:desk:thaw_view": staff(404, 404, 404, 404, 404, 403, 302, 404),
    "admin:desk:changes": DECIDE,
    "admin:desk:duplicates": DECIDE,
    "admin:desk:duplicates_again": staff(404, 404, 403, 403, 302, 403, 302, 302),
    "admin:desk:duplicate": DECIDE_ONE,
    "admin:desk:duplicate_decide": staff(404, 404, 403, 403, 302, 403, 302, 302),
    "admin:desk:letter": DECIDE_ONE,
    "admin:desk:answer": staff(404, 404, 404, 404, 404, 403, 200),  # its question names organisers only
    # A selection of which nothing is theirs leads back to the queue.
    "admin:desk:selected": staff(404, 404, 403, 403, 200, 403, 200, limited=302),
    "admin:desk:confirmed": staff(404, 404, 403, 403, 302, 403, 302, 302),
    # Reviewers with limits see what they have confirmed themselves, and this was somebody else.
    "admin:desk:bulk_recent": DECIDE,
    "admin:desk:bulk": staff(404, 404, 403, 403, 200, 403, 200, limited=404, within=404),
    "admin:desk:bulk_progress": staff(404, 404, 403, 403, 200, 403, 200, limited=404, within=404),
    "admin:desk:bulk_stop": staff(404, 404, 403, 403, 302, 403, 302, 302, limited=404, within=404),
    "admin:desk:bulk_undo": staff(404, 404, 403, 403, 302, 403, 302, 302, limited=404, within=404),
    "admin:desk:decide": DO_ONE,
    "admin:desk:undo": DO_ONE,
    "admin:desk:assign": DO_ONE,
    "admin:desk:category": DO_ONE,
    "admin:desk:note": staff(404, 404, 403, 403, 422, 403, 422, 422, limited=404),  # posted without a word
    "admin:desk:note_remove": DO_ONE,
    "admin:desk:address_correct": DO_ONE,  # posted where nothing is known against the address
    "admin:desk:address_works": DO_ONE,
    "admin:desk:usual_reasons": ORGANISE,
    # The words of messages: reviewers and auditors read them.
    "admin:desk:wordings": staff(404, 404, 403, 200, 200, 403, 200),
    "admin:desk:wording": staff(404, 404, 403, 200, 200, 403, 200),
    "admin:desk:wording_preview": ORGANISE,
    "admin:desk:wording_hold": staff(404, 404, 403, 403, 403, 403, 302, 302),
    "admin:desk:wording_test": staff(404, 404, 403, 403, 403, 403, 422, 422),  # posted without words
    "admin:desk:mail_act": DO_ONE,
    # Auditors read what became of messages, and nothing that stands in them.
    "admin:desk:outbox": staff(404, 404, 403, 200, 200, 403, 200),
    "admin:desk:message": staff(404, 404, 403, 200, 200, 403, 200, limited=404),
    "admin:desk:message_body": DECIDE_ONE,
    "admin:desk:message_act": DO_ONE,
    "admin:desk:messages_selected": staff(404, 404, 403, 403, 302, 403, 302, 302),  # posted without a message
    # Reviewers with limits see the messages to many that are their own, and these are somebody else’s.
    "admin:desk:campaigns": staff(404, 404, 403, 200, 200, 403, 200),
    "admin:desk:campaign_new": DECIDE,
    **dict.fromkeys(
        ("admin:desk:campaign", "admin:desk:campaign_progress"),
        staff(404, 404, 403, 200, 200, 403, 200, limited=404, within=404),
    ),
    **dict.fromkeys(
        ("admin:desk:campaign_look", "admin:desk:campaign_sample"),
        staff(404, 404, 403, 403, 200, 403, 200, limited=404, within=404),
    ),
    **dict.fromkeys(
        (f"admin:desk:campaign_{act}" for act in ("copy", "drop", "test", "stop", "take_back")),
        staff(404, 404, 403, 403, 302, 403, 302, 302, limited=404, within=404),
    ),
    # Posted without a number.
    "admin:desk:campaign_send": staff(404, 404, 403, 403, 422, 403, 422, 422, limited=404, within=404),
    "admin:desk:campaign_csv": ORGANISE,
    "admin:desk:reminders": staff(404, 404, 403, 200, 200, 403, 200),
    "admin:desk:notices": staff(404, 404, 200, 200, 200, 200, 200),
    "admin:desk:invitations": ORGANISE,
    "admin:desk:invite": ORGANISE,
    "admin:desk:invite_many": ORGANISE,
    "admin:desk:invite_send": staff(404, 404, 403, 403, 403, 403, 422, 422),
    "admin:desk:invitation_again": staff(404, 404, 403, 403, 403, 403, 302, 302),
    "admin:desk:invitation_withdraw": staff(404, 404, 403, 403, 403, 403, 302, 302),
    "admin:desk:export": EXPORT,
    "admin:desk:exports": EXPORT,
    "admin:desk:export_schedule": EXPORT,
    # Of the organiser: to everybody else there is none.
    **dict.fromkeys(
        ("admin:desk:export_job", "admin:desk:export_progress", "admin:desk:export_file"),
        staff(404, 404, 404, 403, 403, 403, 200, 404),
    ),
    "admin:desk:export_stop": staff(404, 404, 404, 403, 403, 403, 302, 404),
    "admin:desk:export_schedule_end": staff(404, 404, 404, 403, 403, 403, 302, 302),
    "admin:desk:letter_page": DECIDE_ONE,
    "admin:desk:letter_names": DECIDE_ONE,
    "admin:desk:letter_pairing": DO_ONE,
    "roster:letter_new": staff(404, 404, 404, 404, 404, 404, 200),
    "roster:letter_edit": staff(404, 404, 404, 404, 404, 404, 200),
    "roster:letter_names": staff(404, 404, 404, 404, 404, 404, 200),
    "roster:letter_page": staff(404, 404, 404, 404, 404, 404, 200),
    "roster:letter_file": staff(404, 404, 404, 404, 404, 404, 200),
    "roster:pairing": staff(404, 404, 404, 404, 404, 404, 302, 302),
    "admin:desk:delegations": READ,
    "admin:desk:numbers": READ,
    "admin:desk:numbers_brief": READ,
    "admin:desk:numbers_file": READ,
    "admin:desk:proof": READ,
    "admin:desk:proof_right": staff(404, 404, 302, 403, 302, 403, 302, 302),  # posted without a line
    "admin:desk:handouts": EXPORT,
    "admin:desk:participants": EXPORT,
    "admin:desk:api_tokens": ORGANISE,
    "admin:desk:api_revoke": staff(404, 404, 403, 403, 403, 403, 302, 302),
    "admin:desk:participants_make": staff(404, 404, 422, 403, 403, 403, 422, 422),
    "admin:desk:participants_setup": ORGANISE,
    "admin:desk:participants_compare": EXPORT,
    "admin:desk:participants_draft": EXPORT,
    "admin:desk:participants_draft_file": EXPORT,
    "admin:desk:participants_version": EXPORT,
    "admin:desk:participants_file": EXPORT,
    "admin:desk:participants_publish": ORGANISE,
    "admin:desk:participants_ask": staff(404, 404, 403, 403, 403, 403, 302, 302),
    "admin:desk:participants_checks": EXPORT,
    "admin:desk:participants_unpublish": staff(404, 404, 403, 403, 403, 403, 302, 302),
    "admin:desk:handout": EXPORT,
    "admin:desk:statements": EXPORT,
    "admin:desk:seat": staff(404, 404, 302, 403, 403, 403, 302, 302),
    "admin:desk:statement_remove": staff(404, 404, 302, 403, 403, 403, 302, 302),
    "admin:desk:delegation": READ_ONE,
    "admin:desk:delegation_quota": staff(404, 404, 403, 403, 403, 403, 422, 422),  # posted without a reason
    # Posted without an address.
    "admin:desk:delegation_address_works": staff(404, 404, 403, 403, 403, 403, 404, 404),
    "admin:desk:delegation_late": staff(404, 404, 403, 403, 403, 403, 422, 422),  # posted without a reason
    "admin:desk:team": staff(404, 404, 403, 200, 403, 403, 200),
    "admin:desk:team_add": ORGANISE,
    "admin:desk:team_remove": ORGANISE,
    "admin:desk:team_save": staff(404, 404, 403, 403, 403, 403, 302, 302),
    "admin:desk:team_invite": staff(404, 404, 403, 403, 403, 403, 302, 302),
    "admin:desk:history": staff(404, 404, 403, 200, 403, 403, 200),
    "admin:desk:history_export": staff(404, 404, 403, 200, 403, 403, 200),
    "admin:desk:registration_history": READ_ONE,
    "admin:desk:delegation_history": READ_ONE,
    # Organisers and visa officers issue letters; auditors read them.
    "admin:desk:papers": staff(404, 404, 403, 200, 403, 403, 200, visa=200),
    "admin:desk:paper_file": staff(404, 404, 403, 200, 403, 403, 200, visa=200),
    **dict.fromkeys(
        (
            "admin:desk:paper_revoke",
            "admin:desk:papers_many",
            "admin:desk:papers_sample",
            "admin:desk:papers_batch",
            "admin:desk:papers_progress",
            "admin:desk:papers_consulates",
        ),
        ISSUE,
    ),
    "admin:desk:papers_start": staff(404, 404, 403, 403, 403, 403, 422, 422, visa=422),  # posted without a choice
    **dict.fromkeys(
        (
            "admin:desk:paper_anew",
            "admin:desk:paper_issue",
            "admin:desk:papers_stop",
            "admin:desk:papers_ask",
            "admin:desk:papers_file",
        ),
        staff(404, 404, 403, 403, 403, 403, 302, 302, visa=302),
    ),
    "private:paper": EVERYBODY,
    "roster:papers": staff(404, 404, 404, 404, 404, 404, 200),
    "roster:list_check": staff(404, 404, 404, 404, 404, 404, 200),
    "roster:paper": staff(404, 404, 404, 404, 404, 404, 200),
    "admin:desk:setup": ORGANISE,
    "admin:desk:setup_opening": ORGANISE,
    "admin:desk:setup_preview": ORGANISE,
    "admin:desk:categories": staff(404, 404, 403, 403, 403, 403, 200),
    "admin:desk:standard_questions": staff(404, 404, 403, 403, 403, 403, 200),
    "admin:desk:copy_meeting": staff(404, 404, 403, 403, 403, 403, 200),
    # A file for one delegation, and one for a whole meeting.
    **dict.fromkeys(
        ("roster:import", "roster:import_template", "roster:import_job", "roster:import_annotated"),
        staff(404, 404, 404, 404, 404, 404, 200),
    ),
    **dict.fromkeys(
        ("roster:import_read", "roster:import_confirm", "roster:import_stop"),
        staff(404, 404, 404, 404, 404, 404, 302, 302),
    ),
    **dict.fromkeys(
        ("admin:desk:import", "admin:desk:import_template", "admin:desk:import_job", "admin:desk:import_annotated"),
        ORGANISE,
    ),
    **dict.fromkeys(
        ("admin:desk:import_read", "admin:desk:import_confirm", "admin:desk:import_stop"),
        staff(404, 404, 403, 403, 403, 403, 302, 302),
    ),
    # Sealed files: an organiser is not let in, on neither side; the lead is in tests/registration/safeguarding.
    "admin:desk:safeguarding": SEALED,
    "admin:desk:child": SEALED,
    "admin:desk:child_paper": SEALED,
    "admin:desk:child_decide": staff(
        404, 404, 403, 403, 403, 403, 403, 422, safeguarding=422
    ),  # posted without a decision
    "roster:children": SENT,
    "roster:child": SENT,
    "roster:child_about": SENT,
    "roster:child_paper": SENT,
    "roster:child_move": SENT,
}

# The stock admin. A record of another meeting is answered with the way back to the start (302).
RUN = staff(403, 200, 403, 403, 403, 403, 200)
RUN_ONE = staff(403, 302, 403, 403, 403, 403, 200)
PAST = staff(302, 302, 302, 302, 302, 302, 200)
NO_TIMETABLE = dict.fromkeys(("desk", "visa", "rapporteur", "safeguarding"), 403)
TIMETABLE = staff(403, 200, 403, 403, 403, 200, 200, **NO_TIMETABLE)
TIMETABLE_ONE = staff(403, 302, 403, 403, 403, 200, 200, **NO_TIMETABLE)
ROOT = staff(*[403] * 7)
NOBODY = staff(*[403] * 8)
EVERY_STAFF = staff(*[200] * 7)


def model(name, listed, added, changed, deleted, past):
    """The five addresses of a model in the stock admin."""
    pages = {"changelist": listed, "add": added, "change": changed, "delete": deleted, "history": past}
    return {f"admin:{name}_{page}": answers for page, answers in pages.items()}


TABLE |= {
    "admin:index": EVERY_STAFF,
    "admin:app_list": staff(404, 200, 404, 404, 404, 200, 200, desk=404, visa=404, rapporteur=404, safeguarding=404),
    "admin:login": (200, *[302] * (len(CAST) - 1)),
    "admin:logout": (302, *[405] * (len(CAST) - 1)),
    "admin:password_change": (302,) * len(CAST),  # to the page where the rest of signing in is looked after as well
    "admin:password_change_done": EVERY_STAFF,
    # How one signs in oneself; nobody else's account has an address here.
    **dict.fromkeys(("admin:account:overview", "admin:account:password", "admin:account:confirm"), EVERY_STAFF),
    "admin:account:stay": EVERY_STAFF,
    "admin:account:forgotten": EVERYBODY,
    "admin:account:passkey_sign_in": EVERYBODY,  # what the browser is to ask its device
    "admin:account:set_password": (410,) * len(CAST),  # the key of a registration opens nothing here
    # Back to the sign-in, for nobody here has just given a password; and a second time for it before anything changes.
    **dict.fromkeys(
        (
            "admin:account:second",
            "admin:account:set_up",
            "admin:account:app",
            "admin:account:remove_app",
            "admin:account:passkey",
            "admin:account:remove_passkey",
            "admin:account:rename_passkey",
            "admin:account:codes",
            "admin:account:end_session",
            "admin:account:end_others",
        ),
        (302,) * len(CAST),
    ),
    "admin:autocomplete": NOBODY,  # without the field it is for; it then asks that field's admin
    "admin:jsi18n": EVERY_STAFF,
    "admin:view_on_site": staff(*[302] * 8),
    "admin:auth_user_password_change": ROOT,
    "admin:registration_outgoingmail_html": staff(404, 404, 404, 404, 404, 404, 200),
    **model("meeting_meeting", RUN, ROOT, RUN_ONE, ROOT, PAST),
    **model("meeting_venue", TIMETABLE, TIMETABLE, TIMETABLE, TIMETABLE, TIMETABLE),
    **model("meeting_entity", RUN, ROOT, RUN, ROOT, RUN),
    # Roles are given in the table of their meeting, where the stock admin leads.
    **model("meeting_staffrole", RUN, NOBODY, staff(403, 302, 403, 403, 403, 403, 302, 302), NOBODY, PAST),
    **model("meeting_user", ROOT, ROOT, ROOT, ROOT, ROOT),
    **model("registration_category", RUN, RUN, RUN_ONE, RUN_ONE, PAST),
    **model("registration_letterhead", RUN, RUN, RUN_ONE, RUN_ONE, PAST),
    **model("registration_lettersetup", RUN, NOBODY, RUN_ONE, NOBODY, PAST),
    **model("registration_domainpace", ROOT, ROOT, ROOT, ROOT, ROOT),
    **model("registration_cannedreason", RUN, RUN, RUN_ONE, RUN_ONE, PAST),
    **model("registration_question", RUN, RUN, RUN_ONE, RUN_ONE, PAST),
    **model("registration_delegation", RUN, RUN, RUN_ONE, RUN_ONE, PAST),
    **model("registration_outgoingmail", RUN, NOBODY, RUN_ONE, NOBODY, PAST),
    **model(
        "programme_session", TIMETABLE, TIMETABLE, TIMETABLE_ONE, TIMETABLE_ONE,
        staff(302, 302, 302, 302, 302, 200, 200, desk=302, visa=302, rapporteur=302, safeguarding=302),
    ),
    # Registrations live at the desk: the stock admin leads there, and can neither add nor delete.
    **model(
        "registration_registration",
        staff(403, 302, 302, 302, 302, 403, 302, 302),
        NOBODY,
        staff(404, 404, 302, 302, 302, 404, 302, 302, limited=404),
        NOBODY,
        staff(302, 302, 200, 200, 200, 302, 200, limited=302),
    ),
}  # fmt: skip

POSTED = {
    "roster:cell",
    "roster:undo_paste",
    "roster:returning_confirmed",
    "admin:desk:duplicates_again",
    "admin:desk:duplicate_decide",
    *(f"{where}:import_{act}" for where in ("roster", "admin:desk") for act in ("read", "confirm", "stop")),
    "admin:desk:child_decide",
    "roster:child_paper",
    "roster:child_move",
    "admin:desk:invite_send",
    "admin:desk:export_stop",
    "admin:desk:export_schedule_end",
    "admin:desk:invitation_again",
    "admin:desk:invitation_withdraw",
    "focal:sign_out",
    "admin:desk:delegation_quota",
    "admin:desk:delegation_late",
    "admin:desk:letter_pairing",
    "admin:desk:proof_right",
    "admin:desk:seat",
    "admin:desk:participants_make",
    "admin:desk:api_revoke",
    "admin:desk:participants_ask",
    "admin:desk:participants_unpublish",
    "admin:desk:statement_remove",
    "roster:pairing",
    "admin:desk:selected",
    "admin:desk:confirmed",
    "admin:desk:bulk_stop",
    "admin:desk:bulk_undo",
    "admin:desk:decide",
    "admin:desk:undo",
    "admin:desk:assign",
    "admin:desk:category",
    "admin:desk:note",
    "admin:desk:address_correct",
    "admin:desk:address_works",
    "admin:desk:delegation_address_works",
    "admin:desk:note_remove",
    "admin:desk:mail_act",
    *(f"admin:desk:paper_{act}" for act in ("anew", "issue")),
    *(f"admin:desk:papers_{act}" for act in ("start", "stop", "ask", "consulates")),
    "admin:desk:message_act",
    "admin:desk:messages_selected",
    *(f"admin:desk:campaign_{act}" for act in ("copy", "drop", "test", "send", "stop", "take_back")),
    "private:information",
    "private:sharing",
    "admin:desk:team_save",
    "admin:desk:team_invite",
    "admin:desk:wording_hold",
    "admin:desk:wording_test",
    "admin:desk:save_view",
    "admin:desk:drop_view",
    *(f"admin:desk:{act}_view" for act in ("change", "freeze", "thaw")),
    *(f"admin:account:{act}" for act in ("stay", "passkey_sign_in", "remove_app", "remove_passkey", "codes")),
    "admin:account:rename_passkey",
    "admin:account:end_session",
    "admin:account:end_others",
}


@pytest.fixture
def world(db, settings):
    """One of everything at one meeting."""
    meeting = MeetingFactory(slug="ours")
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    registration = RegistrationFactory(delegation__category__meeting=meeting)
    draft = RegistrationFactory(delegation=registration.delegation, status=Status.DRAFT)
    mail = OutgoingMail.objects.create(
        key="k", meeting=meeting, registration=registration, kind="submitted", to="a@b.org", language="en",
        subject="s", text="t", html="<p>h</p>",
    )  # fmt: skip
    venue = Venue.objects.create(name="UNCC", city="Bangkok")
    records = {
        "meeting": meeting,
        "registration": registration,
        "draft_key": AccessKey.objects.issue(draft),
        "key": AccessKey.objects.issue(registration),
        "letter": LetterFactory(registration=registration),
        "delegation_letter": LetterFactory(
            registration=None, delegation=registration.delegation, meeting=meeting, media_type="image/png"
        ),
        "answer": FileAnswerFactory(registration=registration),
        "question": QuestionFactory(meeting=meeting),
        "document": Document.objects.create(meeting=meeting, title="Programme", file=ContentFile(b"%PDF-", "p.pdf")),
        "mail": mail,
        "venue": venue,
        "room": Room.objects.create(venue=venue, name="Hall"),
        "session": SessionFactory(meeting=meeting),
        "entity": registration.delegation.entity,
        "category": registration.delegation.category,
        "delegation": registration.delegation,
        "event": registration.events.create(from_status="draft", to_status="submitted"),
        "staff_role": StaffRoleFactory(meeting=meeting, role=Role.DESK),
        "audit": AuditEntry.objects.create(meeting=meeting, action="export"),
        "user": UserFactory(),
        "bulk": BulkDecision.objects.create(meeting=meeting, by=UserFactory(), move="approve"),
        "campaign": a_campaign(meeting),
        "campaign_sent": a_campaign(meeting, is_over=True),
        "campaign_mail": OutgoingMail.objects.create(
            key="c",
            meeting=meeting,
            registration=registration,
            kind="campaign",
            to="a@b.org",
            language="en",
            subject="s",
            text="t",
            html="<p>h</p>",
        ),
        "statement": Statement.objects.create(meeting=meeting, delegation=registration.delegation, by=UserFactory()),
        "note": Note.objects.create(registration=registration, by=UserFactory(), text="n"),
        "pace": DomainPace.objects.create(domain="example.org"),
        "canned_reason": CannedReason.objects.create(meeting=meeting, use="return", name="n", text="t"),
        "likeness": Likeness.objects.create(
            first=registration, second=RegistrationFactory(delegation=registration.delegation), score=1
        ),
        "invitation": Invitation.objects.create(
            delegation=registration.delegation, email="mission@example.org", sent_by=UserFactory()
        ),
        "paper": ChildPaperFactory(record__registration__delegation__category__meeting=meeting),
        "batch": LetterBatch.objects.create(meeting=meeting, by=UserFactory(), kind="confirmation"),
        "letterhead": Letterhead.objects.create(meeting=meeting),
        "letter_setup": LetterSetup.objects.create(meeting=meeting, kind="confirmation"),
        "issued": issued_letter(registration.delegation),
        "view": SavedView.objects.create(
            meeting=meeting, owner=UserFactory(), screen="people", name="n", is_shared=True
        ),
        "export": an_export(meeting),
        "schedule": ExportSchedule.objects.create(meeting=meeting, by=UserFactory(), format="csv"),
        "api_token": ApiToken.objects.create(
            meeting=meeting,
            name="n",
            purpose="p",
            fields=[],
            digest="d",
            expires_at=timezone.now(),
            made_by=UserFactory(),
        ),
        "list_version": a_list(meeting, registration.delegation),
        "frozen": FrozenView.objects.create(meeting=meeting, owner=UserFactory(), query=""),
        "focal_point": FocalPoint.objects.create(delegation=registration.delegation, user=UserFactory(is_staff=False)),
    }
    for name, own in (("roster_import", registration.delegation), ("meeting_import", None)):
        records[name] = RosterImport.objects.create(
            meeting=meeting,
            delegation=own,
            by=UserFactory(),
            file=ContentFile(b"Name\nAna\n", "r.csv"),
            state="looked_at",
        )
    MeetingFactory(slug="another")
    return records


def an_export(meeting):
    """The cast's organiser is whose it is, from then on when there is one."""
    now = timezone.now()
    return ExportJob.objects.create(
        meeting=meeting, by=UserFactory(), format="csv", ended_at=now, file_made_at=now, held={"format": "csv"},
        file=ContentFile(b"Reference", "list"),
    )  # fmt: skip


def a_list(meeting, delegation):
    """A version of the list of participants, on the public page."""
    by, now = UserFactory(), timezone.now()
    version = ListVersion.objects.create(
        meeting=meeting, kind="provisional", number=1, profile="un", basis="approved", on=meeting.starts_on,
        languages=["en"], people=0, made_by=by, published_at=now, published_by=by,
    )  # fmt: skip
    tree = Tree(language="en", profile="un", head=Head(title="List of participants"), sections=())
    version.texts.create(language="en", tree=tree.as_json())
    version.checks.create(delegation=delegation)
    return version


def a_campaign(meeting, *, is_over=False):
    by, now = UserFactory(), timezone.now()
    words = {"en": {"subject": "s", "title": "t", "body": "b"}}
    over = {"pressed_at": now, "pressed_by": by, "expected": 1, "send_at": now, "started_at": now, "ended_at": now}
    return Campaign.objects.create(meeting=meeting, by=by, name="n", words=words, **(over if is_over else {}))


def issued_letter(delegation):
    """To somebody who is approved; they may take it."""
    approved = RegistrationFactory(delegation=delegation, status=Status.APPROVED)
    return issue(approved.pk, Wanted("confirmation", "en", shared=True))


@pytest.fixture
def cast(world):
    def of(role, meeting):
        return StaffRoleFactory(role=role, meeting=meeting).user

    ours, theirs = world["meeting"], MeetingFactory(slug="theirs")
    found = {
        "visitor": None,
        "stranger": UserFactory(),
        "foreigner": of(Role.ORGANISER, theirs),
        "lists": of(Role.LISTS, ours),
        "auditor": of(Role.AUDITOR, ours),
        "reviewer": of(Role.REVIEWER, ours),
        "programme": of(Role.PROGRAMME, ours),
        "organiser": of(Role.ORGANISER, ours),
        "administrator": User.objects.create_superuser("root@example.org", name="Root"),
        "desk": of(Role.DESK, ours),
        "visa": of(Role.VISA, ours),
        "rapporteur": of(Role.RAPPORTEUR, ours),
        "safeguarding": of(Role.SAFEGUARDING, ours),
        "limited": limited_to(CategoryFactory(meeting=ours)),
        "within": limited_to(world["category"]),
    }
    ExportJob.objects.filter(pk=world["export"].pk).update(by=found["organiser"])
    return found


def limited_to(category):
    """A reviewer who sees this category only."""
    role = StaffRoleFactory(role=Role.REVIEWER, meeting=category.meeting)
    ReviewedCategory.objects.create(staff_role=role, category=category)
    return role.user


def routes() -> dict[str, URLPattern]:
    def walk(patterns, spaces=()):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield ":".join([*spaces, pattern.name or ""]), pattern
            else:
                yield from walk(pattern.url_patterns, (*spaces, pattern.namespace) if pattern.namespace else spaces)

    # Nameless ones are Django's: a redirect from an old form of the address, and the admin's own 404.
    return {name: pattern for name, pattern in walk(get_resolver().url_patterns) if not name.endswith(":")}


RECORD_OF = {
    "meeting_meeting": "meeting",
    "meeting_venue": "venue",
    "meeting_entity": "entity",
    "meeting_staffrole": "staff_role",
    "meeting_user": "user",
    "auth_user": "user",
    "registration_cannedreason": "canned_reason",
    "registration_letterhead": "letterhead",
    "registration_lettersetup": "letter_setup",
    "registration_category": "category",
    "registration_domainpace": "pace",
    "registration_delegation": "delegation",
    "registration_question": "question",
    "registration_registration": "registration",
    "registration_outgoingmail": "mail",
    "programme_session": "session",
}


PK_OF = {"meeting:document": "document", "private:answer": "answer", "admin:desk:answer": "answer"}
PK_OF |= {f"admin:desk:{page}": "mail" for page in ("mail_act", "message", "message_body", "message_act")}
PK_OF["private:message"] = "mail"
PK_OF |= {"admin:desk:note_remove": "note", "admin:desk:change_view": "view"}
PK_OF |= {f"admin:desk:paper_{page}": "issued" for page in ("file", "revoke", "anew")}
PK_OF |= {f"roster:letter_{page}": "delegation_letter" for page in ("edit", "names", "page", "file")}
PK_OF |= {f"admin:desk:letter_{page}": "delegation_letter" for page in ("names", "page")}
PK_OF |= {"admin:desk:statement_remove": "statement", "admin:desk:export_schedule_end": "schedule"}


def address(name: str, world) -> str:
    """The address of the record of our meeting that this route is about."""
    if name.startswith("admin:") and not name.startswith(("admin:desk:", "admin:account:")):
        return admin_address(name, world)
    known = {
        "slug": world["meeting"].slug,
        "reference": world["registration"].reference,
        "code": world["entity"].code,
        "key": world["draft_key"] if name.startswith("registration:") else world["key"],
        "delegation": world["delegation"].reference,
        "pk": world[PK_OF.get(name, "letter")].pk,
        "page": 1,
        "act": "stop",
        "provider": "postmark",
        "name": "days",
        "extension": "csv",
        "paper": "door.pdf",
    }
    if name in ("private:paper", "roster:paper", "admin:desk:paper_issue"):
        person = world["issued"].registration
        known |= {"key": AccessKey.objects.issue(person), "reference": person.reference}
        known |= {"kind": "confirmation", "language": "en"}
    if name.startswith("admin:desk:papers_"):
        known["token"] = world["batch"].token
    if name.startswith("admin:desk:export_") and "schedule" not in name:
        known["token"] = world["export"].token
    if "participants" in name:
        known |= {"token": world["list_version"].token, "language": "en", "suffix": "docx"}
    if name == "admin:desk:api_revoke":
        known["pk"] = world["api_token"].pk
    if name == "registration:verify":
        known["code"] = world["issued"].code
    if name == "roster:act":
        known["code"] = "withdraw"
    if name == "admin:desk:setup_preview":
        known["code"] = world["category"].code
    if name.startswith("admin:desk:team_"):
        known["pk"] = world["staff_role"].user_id
    if name.startswith("admin:desk:invitation_"):
        known["pk"] = world["invitation"].pk
    if name.startswith(("roster:child", "admin:desk:child")):
        child = world["paper"].record.registration
        known |= {"reference": child.reference, "delegation": child.delegation.reference, "pk": world["paper"].pk}
    known["token"] = (
        known.get("token") or world["roster_import" if name.startswith("roster:") else "meeting_import"].token
    )
    if name.startswith("admin:desk:campaign"):
        drafts = ("_look", "_sample", "_test", "_send")
        known |= {"token": world["campaign" if name.endswith(drafts) else "campaign_sent"].token, "language": "en"}
    if name.startswith("admin:desk:wording"):
        known |= {"kind": "approved", "language": "en"}
    if name == "private:stop":
        known["token"] = url_to_stop(world["campaign_mail"]).split("/")[-2]
    if name in ("admin:desk:frozen_view", "admin:desk:thaw_view"):
        known["token"] = world["frozen"].token
    if name.startswith("admin:desk:bulk"):
        known["token"] = world["bulk"].token
    if name.startswith("admin:desk:duplicate"):
        known["pk"] = world["likeness"].pk
    if name.startswith("roster:focal_point"):
        known["pk"] = world["focal_point"].pk
    return reverse(name, kwargs={part: known[part] for part in routes()[name].pattern.converters})


def admin_address(name: str, world) -> str:
    if name == "admin:view_on_site":
        kind = ContentType.objects.get_for_model(world["meeting"])
        return reverse(name, args=[kind.pk, world["meeting"].pk])
    if name == "admin:app_list":
        return reverse(name, args=["meeting"])
    record = next((r for m, r in RECORD_OF.items() if name.startswith(f"admin:{m}_")), None)
    about_one = name.endswith(("_change", "_delete", "_history", "_html", "_password_change")) and record
    return reverse(name, args=[world[record].pk] if about_one else [])


def body(name: str, world):
    data = {
        "reason": "For the embassy",
        "language": "en",
        "move": "approve",
        "act": "stop",
        "seen": "submitted",
        "selected": [world["registration"].reference],
    }
    return data | {"registration": [world["registration"].reference], "references": world["registration"].reference}


def ask(client, name, user, world):
    if user is not None:
        client.force_login(user)
    url = address(name, world)
    response = client.post(url, body(name, world)) if name in POSTED else client.get(url)
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


@pytest.mark.django_db
@pytest.mark.parametrize("name", TABLE)
def test_everybody_gets_what_the_table_says(client, name, world, cast):
    answers = []
    for person in CAST:
        client.logout()
        answers.append((person, ask(client, name, cast[person], world)))
        if name == "admin:desk:decide":
            type(world["registration"]).objects.filter(pk=world["registration"].pk).update(status=Status.SUBMITTED)
    assert answers == list(zip(CAST, TABLE[name], strict=True))


def test_every_address_stands_in_the_table():
    assert set(routes()) == set(TABLE)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["private:page", "registration:check", "registration:change"])
def test_a_made_up_link_opens_nothing(client, name, world, cast):
    slug = [] if name == "private:page" else ["ours"]
    client.force_login(cast["administrator"])
    assert client.get(reverse(name, args=[*slug, "made-up"])).status_code == 404


def test_no_meeting_can_have_the_address_of_something_else():
    first_parts = {str(p.pattern).split("/")[0] for p in get_resolver().url_patterns} - {""}
    patterns = (*meeting_urls.urlpatterns, *registration_urls.urlpatterns)
    own = {str(p.pattern).split("/")[0] for p in patterns} - {"", "<slug:slug>"}
    assert first_parts | own | {"static"} == RESERVED_SLUGS
