"""The words that come with the product, in each language of the site.

Sentences stand in the catalogues like all others; here they are put together to texts that an organiser can go on from.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.utils import translation
from django.utils.translation import gettext as _

from .language import Words


@lru_cache(maxsize=512)
def default(kind: str, language: str) -> Words:
    """What the product says for `kind`, as it stands in the editor before anybody has changed it."""
    with translation.override(language):
        subject, title, paragraphs = DEFAULTS[kind]()
        return Words(subject, title, "\n\n".join(paragraphs))


Written = tuple[str, str, list[str]]


def _submitted() -> Written:
    return (
        _("{{ reference }}: we have your registration ({{ meeting_short }})"),
        _("We have your registration"),
        [
            _choice(
                ("from_offer", _("You have taken the seat that was kept for you at the {{ meeting }}. Your registration is with the organisers now.")),  # noqa: E501
                ("corrected", _("Your corrected registration for the {{ meeting }} has arrived.")),
                ("", _("Your registration for the {{ meeting }} has arrived.")),
            ),
            _choice(
                ("with_letter", _("The organisers read it and your letter, usually within {{ decision_time }}, and write to you when they have decided.")),  # noqa: E501
                ("", _("The organisers read it, usually within {{ decision_time }}, and write to you when they have decided.")),  # noqa: E501
            ),
            _("Until then you need to do nothing. Please do not book travel before you are approved."),
        ],
    )  # fmt: skip


def _endorsement_asked() -> Written:
    return (
        _("{{ delegation }}: somebody waits for your word ({{ meeting_short }})"),
        _("Please endorse a registration"),
        [
            _("{{ person }} has registered for the {{ meeting }} with the delegation of {{ delegation }}, which you look after."),  # noqa: E501
            _("The organisers decide after you have said that this person comes for you. Open your delegation, and endorse the registration or write to the organisers."),  # noqa: E501
        ],
    )  # fmt: skip


def _waitlisted() -> Written:
    return (
        _("{{ reference }}: you are on the waiting list ({{ meeting_short }})"),
        _("You are on the waiting list"),
        [
            _choice(
                ("by_organisers", _("The organisers have put your registration for the {{ meeting }} on the waiting list.")),  # noqa: E501
                ("", _("Your registration for the {{ meeting }} has arrived, but all seats open to you are taken for now.")),  # noqa: E501
            ),
            _if("by_organisers and reason", _("They write:"), "{{ reason }}"),
            _choice(
                (
                    "by_organisers",
                    _line(
                        _("They decide later, and we write to you then. You need to do nothing."),
                        _("Please do not book travel before you are approved."),
                    ),
                ),
                (
                    "",
                    _line(
                        _("When a seat becomes free, it is offered to the first in line for some time. Your place in the line is kept, and we write to you when it is your turn."),  # noqa: E501
                        _("Until then you need to do nothing. Please do not book travel before you are approved."),
                    ),
                ),
            ),
        ],
    )  # fmt: skip


def _seat_offered() -> Written:
    return (
        _("{{ reference }}: a seat is kept for you ({{ meeting_short }})"),
        _("A seat is kept for you"),
        [
            _("A seat has become free at the {{ meeting }}, and you are next in line. It is kept for you until {{ until }}, {{ zone }}."),  # noqa: E501
            _("Open your page and take it, or leave it to the next in line. Your registration then goes to the organisers, who decide."),  # noqa: E501
            _("If we hear nothing from you by then, the seat goes to the next in line, and you wait on at the end."),
        ],
    )  # fmt: skip


def _seat_offer_ended() -> Written:
    return (
        _("{{ reference }}: the seat was kept as long as we could ({{ meeting_short }})"),
        _("The seat goes to the next in line"),
        [
            _("We kept a seat at the {{ meeting }} for you and heard nothing in time, so it goes to the next in line."),
            _("You are still on the waiting list, now at its end. We write to you when it is your turn again. If you do not come any more, withdraw on your page."),  # noqa: E501
        ],
    )  # fmt: skip


def _returned() -> Written:
    return (
        _("{{ reference }}: please correct your registration ({{ meeting_short }})"),
        _("Please correct your registration"),
        [
            _("The organisers have read your registration for the {{ meeting }}. Before they can decide, something has to be put right. They write:"),  # noqa: E501
            "{{ reason }}",
            _if("fields", f"**{_('Please look at')}**", "{{ fields }}"),
            _("Your seat is kept for you. Open your page, correct what is named here, and send it again."),
        ],
    )  # fmt: skip


def _approved() -> Written:
    return (
        _("{{ reference }}: you are approved ({{ meeting_short }})"),
        _("You are approved"),
        [
            _("The organisers have approved your registration for the {{ meeting }}. We look forward to seeing you."),
            _choice(
                (
                    "in_person",
                    "\n\n".join([
                        f"**{_('Please bring')}**",
                        _list(
                            _("a passport or another identity document with your photograph"),
                            _("your reference, {{ reference }}, on paper or on your telephone"),
                        ),
                        _("Show both at the registration desk, where you receive your badge. The meeting is attached for your calendar."),  # noqa: E501
                    ]),
                ),
                ("", _("You take part online: the secretariat sends you the way to join before the meeting begins. The meeting is attached for your calendar.")),  # noqa: E501
            ),
        ],
    )  # fmt: skip


def _unapproved() -> Written:
    return (
        _("{{ reference }}: your approval was taken back ({{ meeting_short }})"),
        _("Your approval was taken back"),
        [
            _("The organisers have taken back the approval of your registration for the {{ meeting }}. They write:"),
            "{{ reason }}",
            _line(
                _("The organisers look at your registration once more and decide anew. Your seat is kept for you, and you need to do nothing."),  # noqa: E501
                _("Please do not travel, and do not book travel, before you hear from us again."),
            ),
        ],
    )  # fmt: skip


def _rejected() -> Written:
    return (
        _("{{ reference }}: your registration was not approved ({{ meeting_short }})"),
        _("Your registration was not approved"),
        [
            _("The organisers could not approve your registration for the {{ meeting }}. This is their reason:"),
            "{{ reason }}",
            f"**{_('What you can do')}**",
            _("If something was missing or wrong, have it put right, with a new letter where one is needed, and come again from your page: your answers are still there."),  # noqa: E501
            _if("contact_email", _("If you think this is a mistake, answer this message.")),
        ],
    )  # fmt: skip


def _withdrawn() -> Written:
    return (
        _("{{ reference }}: your registration is withdrawn ({{ meeting_short }})"),
        _("Your registration is withdrawn"),
        [
            _("Your registration for the {{ meeting }} has been withdrawn. Your seat, if you had one, goes to the next in line."),  # noqa: E501
            _if("reason", _("This was written with it:"), "{{ reason }}"),
            _("If this was not meant, open your page: you can come back from there while registration is open."),
            _if("contact_email", _("If somebody else has withdrawn you by mistake, answer this message.")),
        ],
    )  # fmt: skip


def _replaced() -> Written:
    return (
        _("{{ reference }}: somebody else comes in your place ({{ meeting_short }})"),
        _("Somebody else comes in your place"),
        [
            _("Somebody else now comes to the {{ meeting }} in your place, for the same delegation. Your registration is withdrawn."),  # noqa: E501
            _("You need to do nothing."),
            _if("contact_email", _("If this is a mistake, answer this message.")),
        ],
    )  # fmt: skip


def _merged() -> Written:
    return (
        _("{{ kept }}: your two registrations are one now ({{ meeting_short }})"),
        _("Your two registrations are one now"),
        [
            _("You were registered twice for the {{ meeting }}. We have made one registration of the two: {{ kept }}. You need not do anything; {{ reference }} is no longer used, and nothing you sent is lost."),  # noqa: E501
            _("From now on our messages go to the email address given in the registration that stays."),
            _if("contact_email", _("If these are two persons, answer this message and we put it right.")),
        ],
    )  # fmt: skip


def _changed() -> Written:
    return (
        _("{{ reference }}: your registration was changed ({{ meeting_short }})"),
        _("Your registration was changed"),
        [
            _("Somebody who looks after your registration for the {{ meeting }} has changed it. This is how it stands now:"),  # noqa: E501
            "{{ changes }}",
            _("Open your page to see all of it. If something is not right, change it there."),
            _if("contact_email", _("If this is a mistake, answer this message.")),
        ],
    )  # fmt: skip


def _change_accepted() -> Written:
    return (
        _("{{ reference }}: your change is accepted ({{ meeting_short }})"),
        _("Your change is accepted"),
        [
            _("You asked to change your registration for the {{ meeting }}. The organisers have accepted it. This is how it stands now:"),  # noqa: E501
            "{{ changes }}",
        ],
    )  # fmt: skip


def _change_declined() -> Written:
    return (
        _("{{ reference }}: your change was not accepted ({{ meeting_short }})"),
        _("Your change was not accepted"),
        [
            _("You asked to change your registration for the {{ meeting }}. The organisers could not accept it: everything stays as it was. They write:"),  # noqa: E501
            "{{ reason }}",
            f"**{_('You had asked for')}**",
            "{{ changes }}",
        ],
    )  # fmt: skip


def _invitation() -> Written:
    return (
        _("Invitation for {{ delegation }}: {{ meeting_short }}"),
        _("Invitation for {{ delegation }}"),
        [
            _line(
                _("The organisers invite {{ delegation }} to the {{ meeting }}."),
                _("Please name the person who looks after your delegation: the focal point, and alternates if you wish."),  # noqa: E501
            ),
            _("The focal point sends your letter, writes the names of those who come, and gets our messages. They need no password: they sign in by a mailed link."),  # noqa: E501
            _if("note", "{{ note }}"),
        ],
    )  # fmt: skip


def _list_check() -> Written:
    return (
        _("{{ delegation }}: please check your part of the list of participants ({{ meeting_short }})"),
        _("Please check your part of the list"),
        [
            _("The list of participants of the {{ meeting }} is about to be printed. Please look at the part of {{ delegation }}: names, functions, and who comes first."),  # noqa: E501
            _if("until", _("What you tell us until {{ until }} stands in the final list.")),
            _("Open your delegation: there you see each line as it will be printed, and say that it is right, or what is to be corrected."),  # noqa: E501
        ],
    )  # fmt: skip


def _reminder_letter() -> Written:
    return (
        _("{{ delegation }}: the letter is missing ({{ meeting_short }})"),
        _("The letter is still missing"),
        [
            _("We have names from {{ delegation }} for the {{ meeting }}, and no letter that names them. The organisers decide when they have both."),  # noqa: E501
            _if("waiting", "{{ waiting }}"),
            _("Please send the letter: a scan or a photograph on which every word can be read."),
        ],
    )  # fmt: skip


def _reminder_returned() -> Written:
    return (
        _("{{ reference }}: your correction is still missing ({{ meeting_short }})"),
        _("Your correction is still missing"),
        [
            _("Your registration for the {{ meeting }} came back to you, and we have not seen it again. The organisers had written:"),  # noqa: E501
            "{{ reason }}",
            _("Open your page, put it right, and send it again. Your seat is kept until registration closes."),
        ],
    )  # fmt: skip


def _reminder_closing() -> Written:
    return (
        _("{{ delegation }}: registration closes on {{ closes }} ({{ meeting_short }})"),
        _("Registration closes soon"),
        [
            _("Registration for the {{ meeting }} closes on {{ closes }}. After that nothing more can be sent."),
            _if("waiting", _("This still waits for you:"), "{{ waiting }}"),
            _("If you have sent all you want to send, you need to do nothing."),
        ],
    )  # fmt: skip


def _reminder_invitation() -> Written:
    return (
        _("{{ delegation }}: we wait for your answer ({{ meeting_short }})"),
        _("We wait for your answer"),
        [
            _("Some time ago the organisers invited {{ delegation }} to the {{ meeting }}, and have had no answer."),
            _("Please name the person who looks after your delegation, or tell us that nobody comes: both take a minute."),  # noqa: E501
        ],
    )  # fmt: skip


def _reminder_arrival() -> Written:
    return (
        _("{{ reference }}: before you travel ({{ meeting_short }})"),
        _("Before you travel"),
        [
            _("The {{ meeting }} begins soon, and you are expected."),
            f"**{_('Please bring')}**",
            _list(
                _("a passport or another identity document with your photograph"),
                _("your reference, {{ reference }}, on paper or on your telephone"),
            ),
            _("Show both at the registration desk, where you receive your badge."),
            _("If you cannot come any more, open your page and withdraw: somebody else is glad of your seat."),
        ],
    )


def _letter_ready() -> Written:
    return (
        _("{{ reference }}: a letter is ready for you ({{ meeting_short }})"),
        _("A letter is ready for you"),
        [
            _("The organisers have written a letter for you about the {{ meeting }}: {{ letter }}."),
            _("Open your page and save it. Whoever receives it from you can see there whether it is genuine, by the code printed on it."),  # noqa: E501
        ],
    )  # fmt: skip


def _letter_confirmation() -> Written:
    return (
        _("Confirmation of registration, {{ number }}"),
        _("Confirmation of registration"),
        [
            _("This is to confirm that {{ name }}, {{ function }}, is registered for the {{ meeting }}, to be held at {{ venue }} on {{ dates }}."),  # noqa: E501
            _("{{ name }} takes part for {{ delegation }}, as {{ role }}. The registration has the reference {{ reference }}."),  # noqa: E501
        ],
    )  # fmt: skip


def _letter_invitation() -> Written:
    return (
        _("Invitation, {{ number }}"),
        _("Invitation"),
        [
            _("The organisers have the honour to invite {{ name }}, {{ function }}, to the {{ meeting }}, to be held at {{ venue }} on {{ dates }}. {{ name }} takes part for {{ delegation }}, as {{ role }}."),  # noqa: E501
            _("The organisers would be grateful to the competent authorities for any help with a visa that is valid on the days of the meeting and of the journey."),  # noqa: E501
            _("This letter is no travel document, and says nothing about who bears the costs."),
        ],
    )  # fmt: skip


def _letter_certificate() -> Written:
    return (
        _("Certificate of participation, {{ number }}"),
        _("Certificate of participation"),
        [
            _("This is to certify that {{ name }}, {{ function }}, took part in the {{ meeting }}, held at {{ venue }} on {{ dates }}, for {{ delegation }}.")  # noqa: E501
        ],
    )  # fmt: skip


def _programme_changed() -> Written:
    return (
        _("The programme has changed ({{ meeting_short }})"),
        _("The programme has changed"),
        [
            _("Something in the programme of the {{ meeting }} is not as it was when you last looked."),
            _("The newest programme is always here: {{ meeting_link }}"),
            _("A printed programme, or a file you have saved, does not change with it."),
        ],
    )


def _campaign() -> Written:
    return ("", "", [])


def _if(asked: str, *paragraphs: str) -> str:
    return _block([("if", asked), *paragraphs])


def _choice(*branches: tuple[str, str]) -> str:
    """The first branch of which the placeholder has something to say; the one without a name is for all others."""
    parts: list[tuple[str, str] | str] = []
    for n, (asked, paragraph) in enumerate(branches):
        parts += [("elif" if n else "if", asked) if asked else ("else", ""), paragraph]
    return _block(parts)


def _block(parts: list[tuple[str, str] | str]) -> str:
    tags = [part if isinstance(part, str) else f"{{% {' '.join(filter(None, part))} %}}" for part in parts]
    return "\n\n".join([*tags, "{% endif %}"])


def _line(*sentences: str) -> str:
    return " ".join(sentences)


def _list(*lines: str) -> str:
    return "\n".join(f"- {line}" for line in lines)


DEFAULTS: dict[str, Callable[[], Written]] = {
    "submitted": _submitted,
    "endorsement_asked": _endorsement_asked,
    "waitlisted": _waitlisted,
    "seat_offered": _seat_offered,
    "seat_offer_ended": _seat_offer_ended,
    "returned": _returned,
    "approved": _approved,
    "unapproved": _unapproved,
    "rejected": _rejected,
    "withdrawn": _withdrawn,
    "replaced": _replaced,
    "merged": _merged,
    "changed": _changed,
    "change_accepted": _change_accepted,
    "change_declined": _change_declined,
    "invitation": _invitation,
    "list_check": _list_check,
    "reminder_letter": _reminder_letter,
    "reminder_returned": _reminder_returned,
    "reminder_closing": _reminder_closing,
    "reminder_invitation": _reminder_invitation,
    "reminder_arrival": _reminder_arrival,
    "letter_ready": _letter_ready,
    "letter_confirmation": _letter_confirmation,
    "letter_invitation": _letter_invitation,
    "letter_certificate": _letter_certificate,
    "programme_changed": _programme_changed,
    "campaign": _campaign,
    "campaign_focal": _campaign,
}
