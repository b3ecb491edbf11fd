"""Reading what organisers have written: a strict part of Django's template language, checked before it is kept."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache

from django.template import Context, Engine, Template, TemplateSyntaxError
from django.template.base import DebugLexer, Token, TokenType
from django.utils.translation import gettext as _

from .kinds import Kind

LONGEST = {"subject": 200, "title": 200, "body": 10_000}
DEEPEST = 5  # conditions inside conditions
# They stand for a placeholder while the text is laid out, so nobody may write them.
OPEN, CLOSE = "\ue000", "\ue001"
LONGEST_CONDITION = 40  # words; Django answers them one inside the other
TAGS = ("if", "elif", "else", "endif")
JOINING = {"and", "or", "not"}
NAME = re.compile(r"^[a-z_]+$")
HALF = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")

_engine = Engine(libraries={}, loaders=[], autoescape=False)


@dataclass(frozen=True)
class Words:
    """Subject and heading are single lines; the body is marked up (see `markup`)."""

    subject: str
    title: str
    body: str


@dataclass(frozen=True)
class Problem:
    field: str
    line: int
    message: str


def check(words: Words, kind: Kind) -> list[Problem]:
    """What is wrong with `words`, in the reader's language; nothing when they can be kept."""
    found = [Problem(name, *problem) for name, text in asdict(words).items() for problem in _read(name, text, kind)]
    return found or [Problem("body", 1, message) for message in _not_said(words, kind)]


def shape_of(values: Mapping[str, object]) -> frozenset[str]:
    """Which placeholders have something to say: all that a condition can ask."""
    return frozenset(name for name, value in values.items() if value)


def laid_open(text: str, shape: Collection[str]) -> str:
    """`text` with its conditions answered, and a mark where each placeholder stood. Once checked, it cannot fail."""
    return _template(text).render(Context({name: f"{OPEN}{name}{CLOSE}" for name in shape}))


@lru_cache(maxsize=512)
def _template(text: str) -> Template:
    return Template(text, engine=_engine)


def _read(name: str, text: str, kind: Kind) -> Iterator[tuple[int, str]]:
    if not text.strip():
        yield 1, _("Write something here.")
        return
    if len(text) > LONGEST[name]:
        yield 1, _("Shorten this to %(longest)d characters or fewer.") % {"longest": LONGEST[name]}
        return
    if name != "body" and "\n" in text.strip():
        yield 2, _("Write this on one line.")
    if strange := next((c for c in text if _is_strange(c)), None):
        line = text[: text.index(strange)].count("\n") + 1
        yield line, _("There is a character that cannot be shown. Type this line anew.")
        return
    wrong = list(_read_tokens(text, kind))
    yield from wrong or _compiles(text)


def _is_strange(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Co", "Cs", "Cn") and character not in "\n\r\t"


def _read_tokens(text: str, kind: Kind) -> Iterator[tuple[int, str]]:
    names = kind.placeholders
    opened: list[Token] = []
    for token in DebugLexer(text).tokenize():
        line = token.lineno or 1
        if token.token_type == TokenType.VAR:
            yield from ((line, problem) for problem in _wrong_name(token.contents, names))
            if token.contents in names and names[token.contents].is_fact:
                yield (
                    line,
                    _("“%(name)s” is a fact and has no text. Ask for it: {%% if %(name)s %%} … {%% endif %%}.")
                    % {"name": token.contents},
                )
        elif token.token_type == TokenType.BLOCK:
            yield from ((line, problem) for problem in _wrong_tag(token, names, opened))
        elif token.token_type == TokenType.TEXT and (half := HALF.search(token.contents)):
            line += token.contents[: half.start()].count("\n")
            yield line, _("%(half)s has no other half. A placeholder looks like {{ name }}.") % {"half": half.group()}
    if opened:
        yield opened[-1].lineno or 1, _("{% if %} has no {% endif %} after it.")


def _compiles(text: str) -> Iterator[tuple[int, str]]:
    try:
        _template(text)
    except TemplateSyntaxError:
        yield 1, _("The conditions do not fit together: one {% if %}, then {% elif %}, then one {% else %}.")


def _wrong_name(name: str, names: Collection[str]) -> Iterator[str]:
    if name in names:
        return
    if not NAME.match(name):
        yield _("“%(name)s”: only the name of a placeholder can stand here, like {{ name }}.") % {"name": name[:60]}
        return
    near = difflib.get_close_matches(name, names, 1)
    if near:
        yield _("There is no placeholder “%(name)s”. Did you mean “%(near)s”?") % {"name": name, "near": near[0]}
    else:
        yield _("There is no placeholder “%(name)s”. The list beside the text has those that exist.") % {"name": name}


def _wrong_tag(token: Token, names: Collection[str], opened: list[Token]) -> Iterator[str]:
    tag, _space, rest = token.contents.partition(" ")
    if tag not in TAGS:
        yield _(
            "“%(tag)s” cannot be used here. There is only {%% if %%} with {%% elif %%}, {%% else %%}, {%% endif %%}."
        ) % {"tag": tag[:40]}
        return
    if tag == "if":
        opened.append(token)
        if len(opened) > DEEPEST:
            yield _("There are too many conditions inside each other. Write them one after the other.")
    elif not opened:
        yield _("“%(tag)s” has no {%% if %%} before it.") % {"tag": tag}
    elif tag == "endif":
        opened.pop()
    yield from _wrong_condition(tag, rest.split(), names)


def _wrong_condition(tag: str, words: list[str], names: Collection[str]) -> Iterator[str]:
    if tag in ("else", "endif"):
        if words:
            yield _("After “%(tag)s” nothing more can stand.") % {"tag": tag}
        return
    if len(words) > LONGEST_CONDITION:
        yield _("This condition is too long. Ask for fewer things at once.")
        return
    # name (and|or name) ..., each perhaps after "not": what Django reads without a surprise.
    expects_name = True
    for word in words:
        if expects_name and word == "not":
            continue
        if expects_name:
            yield from _wrong_name(word, names)
            expects_name = False
        elif word in ("and", "or"):
            expects_name = True
        else:
            yield _("Between two names stands “and” or “or”, not “%(word)s”.") % {"word": word[:40]}
            return
    if expects_name:
        yield _("This condition is not complete. It looks like {% if in_person %}.")


def _not_said(words: Words, kind: Kind) -> Iterator[str]:
    said = {token.contents for token in DebugLexer(words.body).tokenize() if token.token_type == TokenType.VAR}
    for name in kind.must_say:
        if name not in said:
            yield _("Without {{ %(name)s }} (%(label)s) the reader would not know what to do. Put it in.") % {
                "name": name,
                "label": kind.placeholders[name].label,
            }
