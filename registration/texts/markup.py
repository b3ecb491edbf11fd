"""From marked-up words to the HTML and the plain text of a message, with marks where values go.

Values are filled in last, so nothing that a delegate has written is ever read as markup. Layout is remembered: a
message to five thousand people is laid out once for each language and shape, and filled in for each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import html
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .kinds import Kind
from .language import CLOSE, OPEN

MARK = re.compile(rf"{OPEN}(?P<name>[a-z_]+)(?P<as>(?::\w+)?){CLOSE}")
ALONE = re.compile(rf"^{OPEN}(?P<name>[a-z_]+){CLOSE}$")
# Where a link may lead. Of the values one is an address of ours; all others may be somebody's own words.
LINKS = ("https://", "http://", "mailto:", f"{OPEN}meeting_link{CLOSE}")

# Outlook lays out with Word's engine and reads nothing but styles in the element.
P = '<p style="margin:0 0 {after}px 0">'
UL = '<ul style="margin:0 0 16px 0;padding:0 22px">'
OL = '<ol style="margin:0 0 16px 0;padding:0 22px">'
LI = '<li style="margin:0 0 4px 0">'
A = '<a href="{href}" class="link" style="color:#005A8C">'
QUOTE = (
    '<table role="presentation" dir="{direction}" width="100%" cellpadding="0" cellspacing="0" border="0"'
    ' style="margin:0 0 16px 0"><tr><td align="{start}" dir="auto" class="quote ink" bgcolor="#F3F6F8"'
    ' style="padding:12px 16px;border-{start}:4px solid #7B8A97;color:#16232E;font-size:16px;line-height:1.55">'
    "{mark}</td></tr></table>"
)

Value = str | Sequence[str]


@dataclass(frozen=True)
class Laid:
    """One body as HTML and as plain text, marks where values go."""

    html: str
    text: str


def _reader() -> MarkdownIt:
    md = MarkdownIt("zero").enable(["list", "emphasis", "link", "autolink", "escape", "newline"])
    md.normalizeLink = _as_it_is  # type: ignore[method-assign]  # a mark is no letter of an address
    md.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    md.validateLink = _may_be_opened  # type: ignore[method-assign]
    return md


def _as_it_is(url: str) -> str:
    return url


def _may_be_opened(url: str) -> bool:
    return url.startswith(LINKS)


_markdown = _reader()


def parse(source: str) -> list[Token]:
    """The blocks and lines of `source`, whose conditions are answered; for whoever lays them out otherwise."""
    return _markdown.parse(re.sub(r"\n[ \t]*\n\s*", "\n\n", source.strip()))


def lay_out(source: str, kind: Kind, direction: str) -> Laid:
    """`source` has its conditions answered. Blocks of which the reader sees nothing leave nothing behind."""
    tokens = parse(source)
    return Laid("\n".join(_as_html(tokens, kind, direction)), _tidy("\n".join(_as_text(tokens, kind))))


def fill_html(laid: str, values: Mapping[str, Value]) -> str:
    return MARK.sub(lambda mark: _html_of(values.get(mark["name"], ""), mark["as"]), laid)


def fill_text(laid: str, values: Mapping[str, Value]) -> str:
    return MARK.sub(lambda mark: _text_of(values.get(mark["name"], ""), mark["as"]), laid)


def _html_of(value: Value, form: str) -> str:
    if form == ":list":
        return "".join(f"{LI}<bdi>{html.escape(line)}</bdi></li>" for line in _lines(value))
    plain = html.escape(value if isinstance(value, str) else ", ".join(value))
    if form == ":plain":
        return plain
    return plain.replace("\n", "<br>") if form == ":quote" else f"<bdi>{plain}</bdi>"


def _text_of(value: Value, form: str) -> str:
    if form == ":list":
        return "\n".join(f"- {line}" for line in _lines(value))
    return value if isinstance(value, str) else ", ".join(value)


def _lines(value: Value) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _alone(inline: Token, kind: Kind) -> tuple[str, str] | None:
    """(name, form) of a list or of somebody's words that stand in a paragraph of their own."""
    mark = ALONE.match(inline.content.strip())
    known = kind.placeholders.get(mark["name"]) if mark else None
    if mark is None or known is None or not (known.is_list or known.is_quoted):
        return None
    return mark["name"], "list" if known.is_list else "quote"


def _as_html(tokens: Sequence[Token], kind: Kind, direction: str) -> list[str]:
    out: list[str] = []
    start = "right" if direction == "rtl" else "left"
    for n, token in enumerate(tokens):
        if token.type == "inline":
            out.append(_block_html(token, tokens, n, kind, direction, start))
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            out.append(UL if token.tag == "ul" else OL)
        elif token.type in ("bullet_list_close", "ordered_list_close", "list_item_close"):
            out.append(f"</{token.tag}>")
        elif token.type == "list_item_open":
            out.append(LI)
    return out


def _block_html(inline: Token, tokens: Sequence[Token], n: int, kind: Kind, direction: str, start: str) -> str:
    if alone := _alone(inline, kind):
        mark = f"{OPEN}{alone[0]}:{alone[1]}{CLOSE}"
        return f"{UL}{mark}</ul>" if alone[1] == "list" else QUOTE.format(direction=direction, start=start, mark=mark)
    words = "".join(_inline_html(inline.children or []))
    if tokens[n - 1].hidden:  # a line of a list
        return words
    before_list = n + 2 < len(tokens) and (
        tokens[n + 2].type.endswith("list_open") or _next_is_list(tokens[n + 2 :], kind)
    )
    return f"{P.format(after=6 if before_list else 16)}{words}</p>"


def _next_is_list(following: Sequence[Token], kind: Kind) -> bool:
    inline = following[1] if len(following) > 1 and following[1].type == "inline" else None
    alone = _alone(inline, kind) if inline else None
    return alone is not None and alone[1] == "list"


def _inline_html(children: Sequence[Token]) -> list[str]:
    out: list[str] = []
    for token in children:
        if token.type in ("text", "text_special"):
            out.append(html.escape(token.content))
        elif token.type in ("softbreak", "hardbreak"):
            out.append("<br>")
        elif token.type == "link_open":
            href = MARK.sub(rf"{OPEN}\g<name>:plain{CLOSE}", str(token.attrs.get("href", "")))
            out.append(A.format(href=html.escape(href)))
        elif token.type in ("strong_open", "em_open", "strong_close", "em_close", "link_close"):
            out.append(f"<{'/' if token.nesting < 0 else ''}{token.tag}>")
    return out


def _as_text(tokens: Sequence[Token], kind: Kind) -> list[str]:
    """Paragraphs with an empty line between them, lists with a dash or a number before each line."""
    out: list[str] = []
    numbers: list[int | None] = []
    for n, token in enumerate(tokens):
        if token.type.endswith("list_open"):
            numbers.append(int(token.attrs.get("start", 1)) if token.tag == "ol" else None)
        elif token.type.endswith("list_close"):
            numbers.pop()
            out.append("")
        elif token.type == "inline":
            out.append(_lead_of(numbers) + _line_text(token, kind))
            if not numbers and not _leads_to_list(tokens, n, kind):
                out.append("")
    return out


def _leads_to_list(tokens: Sequence[Token], n: int, kind: Kind) -> bool:
    return n + 2 < len(tokens) and (tokens[n + 2].type.endswith("list_open") or _next_is_list(tokens[n + 2 :], kind))


def _lead_of(numbers: list[int | None]) -> str:
    if not numbers:
        return ""
    indent = "  " * (len(numbers) - 1)
    number = numbers[-1]
    if number is None:
        return f"{indent}- "
    numbers[-1] = number + 1
    return f"{indent}{number}. "


def _line_text(inline: Token, kind: Kind) -> str:
    if alone := _alone(inline, kind):
        return f"{OPEN}{alone[0]}:{alone[1]}{CLOSE}"
    out, href = [], ""
    for token in inline.children or []:
        if token.type in ("text", "text_special"):
            out.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            out.append("\n")
        elif token.type == "link_open":
            href = str(token.attrs.get("href", ""))
            out.append(OPEN)  # where the words of the link begin
        elif token.type == "link_close":
            begin = len(out) - 1 - out[::-1].index(OPEN)
            words = "".join(out[begin + 1 :])
            out[begin:] = [words if words == href.removeprefix("mailto:") else f"{words}: {href}"]
    return "".join(out)


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip()
