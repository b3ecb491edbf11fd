"""The styles of the list as a text: change one in the word processor, and every such line changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn

from .docx_parts import element

FONT, FONT_CJK, FONT_ARABIC = "Times New Roman", "SimSun", "Simplified Arabic"
INK = "14202B"
# What is Latin in a Chinese or an Arabic list is broken into lines by the rules of English.
TAGS = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU"}
HANGING = 360  # twentieths of a point
TEXT_WIDTH = 9638  # between the margins


@dataclass(frozen=True)
class Look:
    """Sizes and spaces in points."""

    size: float = 10.5
    bold: bool = False
    italic: bool = False
    before: float = 0
    after: float = 2
    align: str = ""  # as in a text from left to right
    keep_next: bool = False
    keep_lines: bool = False
    hanging: bool = False
    level: int | None = None  # of the outline


# The word processor’s own names where it has one, so that its navigation and its contents know them.
LOOKS = {
    "Normal": Look(),
    "Title": Look(size=19, bold=True, before=18, after=4),
    "Heading 1": Look(size=12, bold=True, before=18, after=8, align="center", keep_next=True, level=0),
    "Heading 2": Look(bold=True, before=11, after=3, keep_next=True, keep_lines=True, level=1),
    "TOC 1": Look(after=1),
    "Issuer": Look(),
    "Issuing body": Look(size=15, bold=True),
    "Document symbol": Look(size=10, bold=True, align="right"),
    "Document mark": Look(size=10, align="right"),
    "Meeting": Look(before=8),
    "Contents heading": Look(size=12, bold=True, before=14, after=6, keep_next=True),
    "Role in delegation": Look(italic=True, before=5, keep_next=True),
    "Participant": Look(keep_lines=True, hanging=True),
    "Participants counted": Look(),
    "Disclaimer": Look(size=8.5, before=20),
    "Table heading": Look(size=9, bold=True, keep_next=True),
    "Table cell": Look(size=9.5),
}


def set_up(document: Any, language: str, *, is_rtl: bool, has_italics: bool) -> None:
    _defaults(document, language)
    for name, look in LOOKS.items():
        _style(document, name, look, is_rtl=is_rtl, has_italics=has_italics)


def _defaults(document: Any, language: str) -> None:
    """Fonts and language for all of it, whatever the template of the library says."""
    styles = document.styles.element
    defaults = styles.find(qn("w:docDefaults"))
    run = element("rPr")
    run.append(element("rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT_CJK, cs=FONT_ARABIC))
    run.append(element("color", val=INK))
    run.append(element("lang", val=TAGS.get(language, "en-GB"), eastAsia="zh-CN", bidi="ar-SA"))
    defaults.find(qn("w:rPrDefault")).replace(defaults.find(qn("w:rPrDefault"))[0], run)


def _style(document: Any, name: str, look: Look, *, is_rtl: bool, has_italics: bool) -> None:
    styles = document.styles
    found = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if name != "Normal":
        found.base_style = styles["Normal"]
    found.quick_style, found.hidden = True, False
    for old in ("w:rPr", "w:pPr"):
        if (part := found.element.find(qn(old))) is not None:
            found.element.remove(part)
    found.element.append(_paragraph(name, look, is_rtl=is_rtl))
    found.element.append(_characters(look, has_italics=has_italics))


def _paragraph(name: str, look: Look, *, is_rtl: bool) -> Any:
    """In the order of the schema, which word processors insist on."""
    made = element("pPr")
    if look.keep_next:
        made.append(element("keepNext"))
    if look.keep_lines:
        made.append(element("keepLines"))
    if name == "Disclaimer":
        borders = element("pBdr")
        borders.append(element("top", val="single", sz="5", space="5", color=INK))
        made.append(borders)
    if name == "TOC 1":
        tabs = element("tabs")
        tabs.append(element("tab", val="right", leader="dot", pos=str(TEXT_WIDTH)))
        made.append(tabs)
    if is_rtl:
        made.append(element("bidi"))
    made.append(element("spacing", before=_twentieths(look.before), after=_twentieths(look.after)))
    if look.hanging:
        made.append(element("ind", left=str(HANGING), hanging=str(HANGING)))
    if look.align:
        made.append(element("jc", val=look.align))
    if look.level is not None:
        made.append(element("outlineLvl", val=str(look.level)))
    return made


def _characters(look: Look, *, has_italics: bool) -> Any:
    """Each twice: for scripts from left to right, and for the others."""
    made = element("rPr")
    if look.bold:
        made.extend([element("b"), element("bCs")])
    if look.italic and has_italics:
        made.extend([element("i"), element("iCs")])
    if look.italic and not has_italics:
        made.append(element("color", val="52606D"))
    made.extend([element("sz", val=f"{look.size * 2:.0f}"), element("szCs", val=f"{look.size * 2:.0f}")])
    return made


def _twentieths(points: float) -> str:
    return f"{points * 20:.0f}"
