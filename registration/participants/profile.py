"""A profile: how one body prints its list. Data in a TOML file, checked as a whole before anything is printed of it."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from meeting.languages import SIX

from ..models import Honorific, RoleInDelegation
from .plurals import form_of, forms_of

SHIPPED = Path(__file__).parent / "profiles"
LISTS = {"sections", "roles"}  # of tables that are known by their code
MISSING, EMPTY, UNKNOWN = "no_text", "empty_text", "unknown_language"


class ProfileError(Exception):
    """A file that cannot be printed from. `file`, `section` and `language` say where; the text says what to do."""

    def __init__(self, *, file: str, problem: str, section: str = "", language: str = "") -> None:
        self.file, self.section, self.language, self.problem = file, section, language, problem
        place = ", ".join(part for part in (file, section) if part)
        super().__init__(problem if problem.startswith("There is no profile") else f"{place}: {problem}")


# --- What stands in a file ------------------------------------------------------------------------------------------


def _in_six(texts: dict[str, Any]) -> dict[str, Any]:
    """A text, or its forms, in each of the six languages."""
    for language in SIX:
        if not texts.get(language):
            raise PydanticCustomError(MISSING, "There is no text in “{language}”.", {"language": language})
    for language in texts:
        if language not in SIX:
            raise PydanticCustomError(UNKNOWN, "“{language}” is none of the six languages.", {"language": language})
    return texts


def _takes(*names: str) -> Callable[[dict[str, str]], dict[str, str]]:
    """A text with these words in braces, each of them once or not at all."""

    def check(texts: dict[str, str]) -> dict[str, str]:
        for language, text in texts.items():
            if strange := _placeholders(text) - set(names):
                problem = f"{{{strange.pop()}}} is not known here; known: {', '.join(f'{{{n}}}' for n in names)}."
                raise PydanticCustomError("placeholder", "{problem}", {"language": language, "problem": problem})
        return texts

    return check


def _placeholders(text: str) -> set[str]:
    try:
        return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {"a brace without its other half"}


def _with_one_and_other(texts: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """A heading for one person and for several; some languages have one for two."""
    for language, forms in texts.items():
        for form in ("1", "other"):
            _need_form(forms, form, language)
    return texts


def _with_every_plural(texts: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """A sentence with a number in it: one for each of the plurals that the language has."""
    for language, forms in texts.items():
        for number in range(1, 200):
            if str(number) not in forms:
                _need_form(forms, form_of(number, language), language)
    return texts


def _need_form(forms: Mapping[str, str], form: str, language: str) -> None:
    if not forms.get(form):
        told = {"form": form, "language": language}
        raise PydanticCustomError(EMPTY, "There is no text for the form “{form}” in “{language}”.", told)


def _known_forms(texts: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    for language, forms in texts.items():
        known = {*forms_of(language), "1", "2", "other"}
        if strange := set(forms) - known:
            told = {"form": strange.pop(), "language": language, "known": ", ".join(sorted(known))}
            raise PydanticCustomError("form", "“{form}” is no plural of “{language}”; there are: {known}.", told)
    return texts


Text = Annotated[dict[str, str], AfterValidator(_in_six), AfterValidator(_takes())]
Dated = Annotated[dict[str, str], AfterValidator(_in_six), AfterValidator(_takes("date"))]
DatedTo = Annotated[dict[str, str], AfterValidator(_in_six), AfterValidator(_takes("date", "email"))]
Bracketed = Annotated[dict[str, str], AfterValidator(_in_six), AfterValidator(_takes("text"))]
Named = Annotated[dict[str, str], AfterValidator(_in_six), AfterValidator(_takes("name", "entity"))]
Addressed = Annotated[dict[str, str], AfterValidator(_in_six), AfterValidator(_takes("name"))]
Lines = Annotated[dict[str, tuple[str, ...]], AfterValidator(_in_six)]
Heading = Annotated[
    dict[str, dict[str, str]],
    AfterValidator(_in_six),
    AfterValidator(_known_forms),
    AfterValidator(_with_one_and_other),
]
Counted = Annotated[
    dict[str, dict[str, str]], AfterValidator(_in_six), AfterValidator(_known_forms), AfterValidator(_with_every_plural)
]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SectionRule(_Table):
    """One part of the list: of which categories, under which heading, in which order."""

    code: str
    heading: Text
    categories: tuple[str, ...] = ()  # codes; none: the one of the section's own code
    roles: Literal["each", "one", "none"] = "each"
    sort: Literal["name", "organisers"] = "name"

    @property
    def of(self) -> tuple[str, ...]:
        return self.categories or (self.code,)


class RoleRule(_Table):
    """Roles in a delegation that are printed under one heading."""

    code: str
    of: tuple[RoleInDelegation, ...]
    heading: Heading


class Words(_Table):
    """The sentences around the list."""

    title: Text
    contents: Text
    officers: Text
    disclaimer: Text
    only: Text  # the document exists in this language alone
    accredited: Dated
    approved: Dated
    arrived: Dated
    corrections: Dated
    corrections_to: DatedTo
    withdrawn: Text
    counted: Counted  # in place of names
    representatives: Heading  # where a section prints all roles under one heading


class Style(_Table):
    """How words are put together in each language."""

    separator: Text  # between the parts of a line
    brackets: Bracketed
    named: Named  # an officer and whom the officer represents
    ignored: dict[str, str]  # an article at the beginning of a name, which its place in the order does not know
    in_words: dict[str, tuple[int, int]]  # from which number to which one words stand, where digits do not


class Profile(_Table):
    file: str
    label: Text
    names: str  # the style of entity names; empty for the general one
    formal: bool = False  # formal names are printed; the order is that of the short ones
    capitals: frozenset[Literal["sections", "states", "organisations"]]
    acronyms: bool  # in brackets behind the names of organisations
    honorifics: bool
    parts: tuple[Literal["title", "department", "organisation"], ...]
    numbers: Literal["words", "digits"]
    withdrawn: Literal["omit", "mark"]
    in_two_categories: Literal["once", "each"]
    officers_first: bool
    flat: bool
    body: Lines
    sections: tuple[SectionRule, ...]
    roles: tuple[RoleRule, ...]
    words: Words
    style: Style
    honorific: dict[Honorific, Addressed]
    acronym: dict[str, dict[str, str]]  # by code of the entity, where a language has another one

    @model_validator(mode="after")
    def _covers_everything(self) -> Profile:
        """Each role stands under one heading, each category in one section, each form of address has its words."""
        _once("role", [role for rule in self.roles for role in rule.of], set(RoleInDelegation))
        _once("category", [code for rule in self.sections for code in rule.of], set())
        _once("form of address", list(self.honorific), set(Honorific))
        return self

    @property
    def name(self) -> str:
        return self.file.removesuffix(".toml")


def _once(what: str, found: list[Any], needed: set[Any]) -> None:
    for value in found:
        if found.count(value) > 1:
            raise PydanticCustomError(
                "twice", "The {what} “{value}” stands here twice.", {"what": what, "value": value}
            )
    if missing := sorted(needed - set(found)):
        told = {"what": what, "value": missing[0]}
        raise PydanticCustomError("never", "The {what} “{value}” has no heading here.", told)


# --- Reading one ----------------------------------------------------------------------------------------------------


def read(path: Path) -> Profile:
    """The profile in this file, with what the one that it `extends` says where it says nothing."""
    own = _toml(path)
    base_name = own.pop("extends", "")
    base = _toml(_base(path, base_name)) if base_name else {}
    if "extends" in base:
        raise ProfileError(file=path.name, problem=f"extends: “{base_name}” extends another one itself. Name that one.")
    whole = _merged(base, own)
    try:
        return Profile.model_validate({**whole, "file": path.name})
    except ValidationError as refused:
        raise _told(refused.errors()[0], path.name, own, whole, f"{base_name}.toml" if base_name else "") from None


def _base(path: Path, name: object) -> Path:
    for folder in (path.parent, SHIPPED):
        if isinstance(name, str) and (folder / f"{name}.toml").is_file():
            return folder / f"{name}.toml"
    raise ProfileError(file=path.name, problem=f"extends: there is no profile “{name}”.")


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ProfileError(file=path.name, problem=f"The file cannot be opened: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ProfileError(file=path.name, problem="The file is not in UTF-8. Save it so.") from error
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(file=path.name, problem=f"This is not TOML: {error}.") from error


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Tables key by key; a list of sections or roles is the own one, each completed from that of the same code."""
    whole = {**base, **own}
    for key in ("words", "style", "honorific", "acronym"):
        if isinstance(base.get(key), dict) and isinstance(own.get(key), dict):
            whole[key] = {**base[key], **own[key]}
    for key in LISTS & own.keys() & base.keys():
        known = {entry["code"]: entry for entry in base[key]}
        whole[key] = [{**known.get(entry.get("code"), {}), **entry} for entry in own[key] if isinstance(entry, dict)]
    return whole


def _told(error: ErrorDetails, file: str, own: dict[str, Any], whole: dict[str, Any], base: str) -> ProfileError:
    """The first thing that is wrong, as a sentence with its place."""
    place = [str(part) for part in error["loc"]]
    language = str(error.get("ctx", {}).get("language", ""))
    if place and place[0] in LISTS and len(place) > 1:
        place[1] = str(whole[place[0]][int(place[1])].get("code", f"number {int(place[1]) + 1}"))
    is_own = not base or not place or _stands_in(own, place) or not _stands_in(whole, place)
    problem = {"missing": "This is missing.", "extra_forbidden": "This key is not known. Look at its spelling."}
    said = problem.get(error["type"], f"{error['msg'].rstrip('.')}.")
    return ProfileError(file=file if is_own else base, section=".".join(place), language=language, problem=said)


def _stands_in(data: Any, place: list[str]) -> bool:
    for part in place:
        if isinstance(data, list):
            data = next((entry for entry in data if entry.get("code") == part), None)
        elif isinstance(data, dict):
            data = data.get(part)
        if data is None:
            return False
    return True
