"""What the tests of the list of participants make and look at."""

import datetime

from meeting.models import EntityKind
from registration.models import RoleInDelegation as Role
from registration.models import Status
from registration.participants import profiles
from registration.participants.build import build
from registration.participants.profile import Profile
from registration.participants.tree import Tree
from tests.factories import (
    DelegationFactory,
    EntityFactory,
    RegistrationFactory,
)

TODAY = datetime.datetime(2008, 9, 8, 9, tzinfo=datetime.UTC)


def state(category, code, **names):
    entity = EntityFactory(code=code, kind=EntityKind.STATE, names={k.replace("_", "-"): v for k, v in names.items()})
    return DelegationFactory(category=category, entity=entity)


def person(delegation, given="Ana", family="Silva", **values):
    values = {"role": Role.ADVISER, "status": Status.APPROVED, "functional_title": "Director", **values}
    values.setdefault("display_name", f"{given} {family}".strip())
    return RegistrationFactory(delegation=delegation, given_names=given, family_name=family, **values)


def listed(meeting, language="en", **asked) -> Tree:
    return build(meeting, language=language, now=TODAY, **asked)


def outline(tree: Tree) -> list:
    """The list as somebody reads it down the page."""
    lines = []
    for section in tree.sections:
        lines.append(section.heading)
        for entity in section.entities:
            lines.append(entity.heading)
            for role in entity.roles:
                lines += [role.heading, *(found.line for found in role.people)]
        lines += [section.text] if section.text else []
    return lines


def names(tree: Tree) -> list[str]:
    return [p.name for s in tree.sections for e in s.entities for p in e.people]


def entities(tree: Tree) -> list[str]:
    return [e.name for s in tree.sections for e in s.entities]


def own_profile(**values) -> Profile:
    """The general profile with something else in it."""
    return profiles.load("un").model_copy(update=values)
