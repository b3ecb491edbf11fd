"""One person as the list prints them: name, function, where from; nothing re-cased, re-ordered or made up."""

from __future__ import annotations

from ..models import Honorific, Publication
from ..names import tidy
from .entities import Named
from .people import Row
from .profile import Profile
from .tree import Person


class Lines:
    """The lines of one list. Whatever was typed is freed of what nobody can see, here and not in the database."""

    def __init__(self, profile: Profile, language: str, *, with_contact: bool) -> None:
        self.profile, self.language, self.with_contact = profile, language, with_contact
        self.separator = profile.style.separator[language]
        self.patterns = {code: texts[language] for code, texts in profile.honorific.items()}

    def person(self, row: Row, entity: Named, publication: str) -> Person:
        name = tidy(row.display_name)
        pattern = self._pattern(row.honorific)
        title, department, organisation = (
            tidy(t) for t in (row.functional_title, row.department, self._organisation(row, entity))
        )
        mark = self.profile.words.withdrawn[self.language] if row.has_withdrawn else ""
        told = {"title": title, "department": department, "organisation": organisation}
        parts = [pattern.replace("{name}", name), *(told[part] for part in self.profile.parts)]
        line = self.separator.join(dict.fromkeys(part for part in parts if part))
        shared = self.with_contact and row.contact_shared
        return Person(
            reference=row.reference,
            name=name,
            honorific=pattern.replace("{name}", "").strip(),
            addressed=parts[0],
            title=title,
            department=department,
            organisation=organisation,
            line=f"{line} {mark}".rstrip(),
            email=row.email if shared else "",
            phone=tidy(row.phone) if shared else "",
            is_public=_is_public(row, publication),
            mark=mark,
        )

    def _pattern(self, honorific: str) -> str:
        if not self.profile.honorifics or not honorific:
            return "{name}"
        return self.patterns.get(Honorific(honorific), "{name}")

    def _organisation(self, row: Row, entity: Named) -> str:
        """Not again where it only says in whose part of the list the person stands."""
        typed = row.organisation.strip().casefold()
        return "" if typed in {entity.name.casefold(), entity.acronym.casefold()} else row.organisation


def _is_public(row: Row, publication: str) -> bool:
    if publication == Publication.ALL:
        return True
    return publication == Publication.CONSENT and row.name_public
