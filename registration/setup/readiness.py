"""What is missing before registration can open, step by step; each says why, and leads to where it is mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from modeltranslation.utils import build_localized_fieldname

from meeting.dates import date_range, joined, moment
from meeting.models import Meeting, Role
from meeting.templatetags.placard import own_language_name
from meeting.translated import MAIN

from ..models import CannedReason, Category, Represents, Typist
from . import facts
from .facts import Facts

QUOTAS, QUESTIONS, OPENING = "quotas", "questions", "opening"
# What an organiser can only look through: nothing in it can be missing by itself.
AGREEABLE = (QUOTAS, QUESTIONS)
MOST_NAMED = 4
READ_BY_ALL = ("title", "lead", "introduction", "practical_information", "privacy_notice")


@dataclass(frozen=True)
class Step:
    """One area of the setup. Without a `must` registration cannot be opened; a `should` is advice."""

    key: str
    name: str
    is_must: bool
    is_done: bool
    why: str
    link: str
    action: str
    can_be_agreed: bool = False


def missing(meeting: Meeting) -> list[Step]:
    """The steps that are not done, the necessary ones first."""
    return [step for step in sorted(steps(meeting), key=lambda s: not s.is_must) if not step.is_done]


def steps(meeting: Meeting) -> list[Step]:
    """All steps, in the order in which a meeting is set up."""
    known = facts.of(meeting)
    return [make(known) for make in STEPS]


def may_open(found: Iterable[Step]) -> bool:
    """Whether nothing but the opening itself is missing."""
    return all(step.is_done for step in found if step.is_must and step.key != OPENING)


# Where things are mended


def _meeting_form(known: Facts) -> str:
    return reverse("admin:meeting_meeting_change", args=[known.meeting.pk])


def _desk(known: Facts, name: str) -> str:
    return reverse(f"admin:desk:{name}", args=[known.meeting.slug])


def _list(known: Facts, name: str) -> str:
    return f"{reverse(f'admin:{name}_changelist')}?meeting__id__exact={known.meeting.pk}"


def _first_of(*addresses: tuple[str, list[str]]) -> str:
    """The first of these addresses that the product has."""
    for name, args in addresses:
        try:
            return reverse(name, args=args)
        except NoReverseMatch:
            continue
    return ""


# The steps


def _dates(known: Facts) -> Step:
    meeting, zone = known.meeting, "/" in known.meeting.time_zone
    when = date_range(meeting.starts_on, meeting.ends_on)
    why = (
        when if zone else _("%(when)s, but the time zone is not chosen: closing times would be wrong.") % {"when": when}
    )
    why = f"{when} · {meeting.time_zone}" if zone else why
    return Step("dates", _("Dates and time zone"), True, zone, why, _meeting_form(known), _("Choose the time zone"))


def _venue(known: Facts) -> Step:
    venue = known.meeting.venue
    why = str(venue) if venue else _("Delegates do not know yet where to come.")
    return Step("venue", _("Venue"), False, venue is not None, why, _meeting_form(known), _("Name the venue"))


def _texts(known: Facts) -> Step:
    lacking = [str(name) for code, name in settings.LANGUAGES if _lacks(known.meeting, code)]
    why = _("Title, purpose, practical information and privacy notice stand in all six languages.")
    if lacking:
        why = _("Readers of %(languages)s find some of them in English.") % {"languages": joined(lacking)}
    return Step("texts", _("Public texts"), False, not lacking, why, _meeting_form(known), _("Add the texts"))


def _lacks(meeting: Meeting, code: str) -> bool:
    """Whether something that the main language says is missing in this one."""
    said = [name for name in READ_BY_ALL if getattr(meeting, build_localized_fieldname(name, MAIN))]
    return not said or any(not getattr(meeting, build_localized_fieldname(name, code)) for name in said)


def _categories(known: Facts) -> Step:
    number = len(known.open_categories)
    why = ngettext("%d category takes registrations.", "%d categories take registrations.", number) % number
    if not number:
        why = _("No category takes registrations: nobody could register.")
    link = _desk(known, "categories") if not known.categories else _list(known, "registration_category")
    return Step("categories", _("Categories"), True, bool(number), why, link, _("Add categories"))


def _represents(known: Facts) -> Step:
    served = {c.represents for c in known.open_categories if not c.by_invitation}
    unserved = [f"“{label}”" for value, label in Represents.choices if value not in served]
    why = _("Each answer to “Whom do you represent?” leads to a category.")
    if unserved:
        why = _("Whoever answers %(answers)s finds no category. That may be what you want.") % {
            "answers": joined(unserved)
        }
    link = _list(known, "registration_category")
    return Step("represents", _("Whom people represent"), False, not unserved, why, link, _("Look at the categories"))


def _invitations(known: Facts) -> Step:
    typed = [c for c in known.open_categories if c.typist == Typist.FOCAL_POINT]
    uninvited = [c.name for c in typed if c.pk not in known.invited]
    why = _("Each category that focal points register has delegations that were invited.")
    if not typed:
        why = _("In no category do focal points register everybody, so nobody has to be invited.")
    if uninvited:
        why = _("Only focal points register here, and none was invited: %(names)s.") % {"names": some_of(uninvited)}
    link = _desk(known, "invitations")
    return Step("invitations", _("Focal points"), False, not uninvited, why, link, _("Invite delegations"))


def _children(known: Facts) -> Step:
    category = any(c.for_children for c in known.categories)
    lacking = [] if known.meeting.safeguarding_email else [_("the safeguarding lead’s email")]
    if category and not known.roles[Role.SAFEGUARDING]:
        lacking.insert(0, _("a colleague with the role of safeguarding lead"))
    why = _("The safeguarding lead decides, and concerns reach them.")
    if not category:
        why = _("No category is for children and young people, so nobody under 18 can register.")
    if lacking:
        why = _("Missing: %(what)s.") % {"what": joined(lacking)}
    team = bool(known.meeting.safeguarding_email)
    link = _team(known) if team else _meeting_form(known)
    return Step("children", _("Children and young people"), category, not lacking, why, link, _("Complete this"))


def _privacy(known: Facts) -> Step:
    there = bool(getattr(known.meeting, build_localized_fieldname("privacy_notice", MAIN)))
    why = _("Delegates can read what becomes of their data.")
    if not there:
        why = _("Delegates must be able to read what becomes of their data before they give it.")
    return Step("privacy", _("Privacy notice"), True, there, why, _meeting_form(known), _("Write the privacy notice"))


def _contact(known: Facts) -> Step:
    email = known.meeting.contact_email
    why = email or _("Delegates with a question need an address to write to.")
    return Step(
        "contact", _("Secretariat’s email"), True, bool(email), why, _meeting_form(known), _("Give the address")
    )


def _mail(known: Facts) -> Step:
    mails, link = known.mails, reverse("admin:desk:outbox", args=[known.meeting.slug])
    done = not mails.failed and not mails.to_a_folder
    why = _("No message has left yet. Their texts come with the product, in six languages.")
    if mails.last_sent:
        why = _("The last message left on %(when)s.") % {"when": moment(mails.last_sent, known.meeting.zone)}
    if mails.to_a_folder:
        why = _("Messages are put into a folder and reach nobody: the administrator sets EMAIL_URL.")
    if mails.failed:
        why = ngettext("%d message did not leave.", "%d messages did not leave.", mails.failed) % mails.failed
        link += "?stage=look"
    return Step("mail", _("Messages"), False, done, why, link, _("Look at the messages"))


def _words(known: Facts) -> Step:
    """Whoever changes words in one language is told of the readers who still get those of the product."""
    lacking = [code for code, _name in settings.LANGUAGES if any(code not in own for own in known.worded.values())]
    why = _("All words come with the product, in six languages. You can change each.")
    if known.worded:
        why = _("The words you have changed stand in all six languages.")
    if lacking:
        why = _("You have changed words, but not in %(languages)s: there the words of the product are read.") % {
            "languages": joined([own_language_name(code) for code in lacking])
        }
    link = _desk(known, "wordings")
    return Step("words", _("Words of our messages"), False, not lacking, why, link, _("Write the others"))


def _reasons(known: Facts) -> Step:
    there = {CannedReason.Use.RETURN, CannedReason.Use.REJECT} <= known.reasons
    why = _("Reviewers choose from reasons written once.")
    if not there:
        why = _("Without reasons to choose from, each reviewer words each return and rejection anew.")
    args = [known.meeting.slug]
    link = _first_of(("admin:desk:usual_reasons", args), ("admin:registration_cannedreason_changelist", []))
    return Step("reasons", _("Ready reasons"), False, there, why, link or _meeting_form(known), _("Add reasons"))


def _quotas(known: Facts) -> Step:
    free = without_limit(known.categories)
    done = {c.code for c in free} <= set(known.agreed.get(QUOTAS, []))
    why = _("Each category has its number of seats.")
    if free:
        why = _("No limit: %(names)s.") % {"names": some_of([c.name for c in free])}
        why += "" if done else " " + _("Give numbers, or say that this is right.")
    link = _list(known, "registration_category")
    return Step(QUOTAS, _("Seats"), True, done, why, link, _("Set the seats"), can_be_agreed=not done and bool(free))


def some_of(names: list[str]) -> str:
    """The first few by name, and how many more there are."""
    left = len(names) - MOST_NAMED
    if left <= 1:
        return joined(names)
    return joined([*names[:MOST_NAMED], ngettext("%d more", "%d more", left) % left])


def without_limit(categories: list[Category]) -> list[Category]:
    return [c for c in categories if c.quota is None and c.delegation_quota is None]


def _questions(known: Facts) -> Step:
    number, done = len(known.questions), QUESTIONS in known.agreed and set(known.questions) <= _seen(known)
    why = (
        ngettext("Beside name and work we ask %d question.", "Beside name and work we ask %d questions.", number)
        % number
    )
    if not number:
        why = _("Nothing is asked beside name, work and letter.")
    why += "" if done else " " + _("Look through them, then say that they are right.")
    link = _list(known, "registration_question") if number else _desk(known, "standard_questions")
    action = _("Look at the questions") if number else _("Add questions")
    return Step(QUESTIONS, _("Questions"), False, done, why, link, action, can_be_agreed=not done)


def _seen(known: Facts) -> set[str]:
    return set(known.agreed.get(QUESTIONS, []))


def _colleagues(known: Facts) -> Step:
    alone = len(known.roles[Role.ORGANISER] | known.roles[Role.REVIEWER]) < 2
    too_few = [c.name for c in known.categories if c.two_approvals and len(known.deciders(c)) < 2]
    why = _("More than one colleague can decide.")
    if alone:
        why = _("Nobody stands in for you: give a colleague the role of organiser or reviewer.")
    if too_few:
        why = _("Two people approve here, but there is only one: %(names)s.") % {"names": some_of(too_few)}
    done = not alone and not too_few
    return Step("colleagues", _("Colleagues"), bool(too_few), done, why, _team(known), _("Name a colleague"))


def _team(known: Facts) -> str:
    return _first_of(("admin:desk:team", [known.meeting.slug]), ("admin:meeting_staffrole_changelist", []))


def _published(known: Facts) -> Step:
    done = known.meeting.is_published
    why = _("Everybody can see the meeting’s page.") if done else _("Nobody but you sees the meeting’s page yet.")
    link = _desk(known, "setup_opening")
    return Step("published", _("Published"), True, done, why, link, _("Publish the meeting’s page"))


def _opening(known: Facts) -> Step:
    meeting = known.meeting
    opens, closes = meeting.registration_opens_at, meeting.registration_closes_at
    done = meeting.registration_held_open or opens is not None
    why = _("Nobody can register before you say when.")
    if opens:
        why = _("Opens %(when)s.") % {"when": moment(opens, meeting.zone)}
    if closes:
        why += " " + _("Closes %(when)s.") % {"when": moment(closes, meeting.zone)}
    elif done:
        why += " " + _("No closing time is set.")
    if meeting.registration_held_open:
        why = _("Held open, whatever the dates say.")
    return Step(OPENING, _("Opening and closing"), True, done, why, _desk(known, "setup_opening"), _("Set the times"))


STEPS = (
    _dates, _venue, _texts, _categories, _represents, _quotas, _questions, _invitations, _children, _privacy, _contact,
    _mail, _words, _reasons, _colleagues, _published, _opening,
)  # fmt: skip
