"""Monday morning for the browser test: a meeting of its own with four hundred people waiting in twelve categories.

Run with the environment of the stack: `python -m tests.e2e.morning make` writes it and prints how to sign in;
`later` lets ten minutes pass for every decision that still waits to be told; `told` prints who was mailed what.
"""

from __future__ import annotations

import datetime
import json
import os
import random
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

import typst  # noqa: E402 (Django first)
from django.core.files.base import ContentFile  # noqa: E402
from django.db.models import F  # noqa: E402
from django.utils import timezone  # noqa: E402

from meeting.models import Meeting, Role, User  # noqa: E402
from registration.models import (  # noqa: E402
    CannedReason,
    FocalPoint,
    LetterName,
    MailState,
    OutgoingMail,
    Pairing,
    Registration,
    RegistrationEvent,
    Typist,
)
from tests.factories import (  # noqa: E402
    CategoryFactory,
    DelegationFactory,
    EntityFactory,
    LetterFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)

SLUG, PASSWORD = "morning", "four hundred before lunch"
PEOPLE = 400
CATEGORIES = [
    "Members", "Associate members", "Other States", "Permanent observers", "UN bodies", "Specialized agencies", "IGOs",
    "NGOs", "Other entities", "Resource persons", "Media", "Host country",
]  # fmt: skip
TWO_WORDS, ENDORSED = "Media", "Host country"
GIVEN = ["Ana", "Bao", "Chandra", "Dewi", "Emi", "Farah", "Gita", "Hoa", "Ismail", "Jun", "Kavita", "Lena"]
FAMILY = [
    "Keovilay",
    "Dorjiin",
    "Pillai",
    "Tuilagi",
    "Minamide",
    "Wiryanto",
    "Aguhar",
    "Ratukalou",
    "Seong",
    "Ochirbat",
]
SYLLABLES = ["ka", "ri", "mo", "ta", "su", "ne", "lo", "vi", "pha", "dor", "gan", "thi"]
LETTER = """
#set page("a5")
*EMBASSY OF {state}* \\ Note No. 12/2008
#v(1em)
The delegation will be composed as follows:
{names}
"""


def make() -> dict[str, str]:
    meeting = MeetingFactory(
        slug=SLUG, short_title="Monday morning", title="A meeting on a Monday morning", decision_grace_minutes=5
    )
    reviewers = [_reviewer(meeting, "first", Role.ORGANISER), _reviewer(meeting, "second", Role.REVIEWER)]
    _reasons(meeting)
    _people(meeting)
    return {"first": reviewers[0].email, "second": reviewers[1].email, "password": PASSWORD}


def _reviewer(meeting: Meeting, which: str, role: Role) -> User:
    user = UserFactory(email=f"{which}@morning.example.org", name=f"{which.title()} Reviewer")
    user.set_password(PASSWORD)
    user.save()
    StaffRoleFactory(user=user, meeting=meeting, role=role)
    return user


def _reasons(meeting: Meeting) -> None:
    text = {"text_en": "Your letter does not name you.", "text_fr": "Votre lettre ne vous nomme pas."}
    CannedReason.objects.create(meeting=meeting, use="return", name="Not on the letter", **text)


def _people(meeting: Meeting) -> None:
    """Whoever came first has waited longest; every category has its share; the first delegation has a letter."""
    rng = random.Random(8)
    places = [_category(meeting, order, name) for order, name in enumerate(CATEGORIES, start=1)]
    for number in range(PEOPLE):
        delegations = places[number % len(places)]
        delegation = delegations[number // len(places) % len(delegations)]
        _person(number, rng, delegation)
    _letter(places[0][0])


def _category(meeting: Meeting, order: int, name: str) -> list:
    typist = Typist.ENDORSED if name == ENDORSED else Typist.EACH
    category = CategoryFactory(
        meeting=meeting, order=order, name=name, typist=typist, two_approvals=name == TWO_WORDS, represents="other"
    )
    delegations = [
        DelegationFactory(
            category=category, entity=EntityFactory(code=f"{SLUG}-{order}-{n}", names={"en": f"{name} {n}"})
        )
        for n in range(1, 5)
    ]
    if name == ENDORSED:
        for delegation in delegations:
            FocalPoint.objects.create(delegation=delegation, user=UserFactory(is_staff=False))
    return delegations


def _person(number: int, rng: random.Random, delegation) -> None:
    family = FAMILY[number] if number < len(FAMILY) else "".join(rng.choices(SYLLABLES, k=3)).title()
    since = timezone.now() - datetime.timedelta(hours=(PEOPLE - number) * 0.4)
    endorsed = {}
    if delegation.category.typist == Typist.ENDORSED and number // len(CATEGORIES) % 2:
        endorsed = {"endorsed_at": since, "endorsed_by": delegation.focal_points.get().user}
    person = RegistrationFactory(
        delegation=delegation,
        given_names=GIVEN[number % len(GIVEN)],
        family_name=family,
        email=f"person{number}@morning.example.org",
        language="fr" if number % 5 == 1 else "en",
        status_since=since,
        submitted_at=since,
        **endorsed,
    )
    RegistrationEvent.objects.create(registration=person, at=since, from_status="draft", to_status="submitted")


def _letter(delegation) -> None:
    people = list(delegation.registrations.order_by("pk"))
    names = "\n".join(f"+ {p.display_name}" for p in people)
    pdf = typst.compile(LETTER.format(state=delegation.name.upper(), names=names).encode())
    letter = LetterFactory(
        registration=None, delegation=delegation, meeting=delegation.meeting, file=ContentFile(pdf, name="letter"),
        size=len(pdf),
    )  # fmt: skip
    for number, person in enumerate(people[:-1], start=1):
        LetterName.objects.create(
            letter=letter, number=number, name=person.display_name, registration=person, pairing=Pairing.MATCHED
        )


def later() -> None:
    """The quiet time of every decision is over."""
    over = timezone.now() - datetime.timedelta(minutes=1)
    Registration.objects.filter(meeting__slug=SLUG, quiet_until__isnull=False).update(quiet_until=over)
    OutgoingMail.objects.filter(meeting__slug=SLUG, state=MailState.QUEUED, not_before__gt=F("created_at")).update(
        not_before=over
    )


def told() -> dict[str, list[str]]:
    """Every person's status, and the kinds of the messages that went out to them."""
    found = {}
    for person in Registration.objects.filter(meeting__slug=SLUG).order_by("pk"):
        sent = person.outgoing_mails.filter(state=MailState.SENT).order_by("pk").values_list("kind", flat=True)
        found[person.email] = [person.status, *sent]
    return found


if __name__ == "__main__":
    act = {"make": make, "later": later, "told": told}[sys.argv[1]]
    sys.stdout.write(json.dumps(act()))
