"""Pieces of WordprocessingML that the library has no words for: fields, bookmarks, runs from right to left."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def element(kind: str, **attributes: str) -> Any:
    made = OxmlElement(f"w:{kind}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def text_run(words: str, *, is_rtl: bool = False, breaks_before: bool = False) -> Any:
    run = element("r")
    if is_rtl:
        properties = element("rPr")
        properties.append(element("rtl"))
        run.append(properties)
    if breaks_before:
        run.append(element("br"))
    text = element("t")
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(text)
    return run


def field(instruction: str, shown: str = "1") -> list[Any]:
    """A field, with what it shows until it is worked out."""
    return [*_begin(instruction), text_run(shown), _mark("end")]


def bookmark(paragraph: Any, number: int) -> None:
    """A place that the table of contents points at: the whole of `paragraph`."""
    start = element("bookmarkStart", id=str(number), name=_place(number))
    properties = paragraph.find(qn("w:pPr"))
    paragraph.insert(0 if properties is None else 1, start)
    paragraph.append(element("bookmarkEnd", id=str(number)))


def contents_line(paragraph: Any, heading: str, number: int, *, is_first: bool, is_last: bool, is_rtl: bool) -> None:
    """One line of the table of contents: the field that makes it begins in the first and ends in the last."""
    if is_first:
        made = _begin(r'TOC \o "1-1" \h \z')
        made[0][0].set(qn("w:dirty"), "true")  # asks the word processor to work out the pages
        paragraph.extend(made)
    link = element("hyperlink", anchor=_place(number), history="1")
    link.append(text_run(heading, is_rtl=is_rtl))
    tab = element("r")
    tab.append(element("tab"))
    link.append(tab)
    link.extend(field(f"PAGEREF {_place(number)} \\h", ""))  # a wrong number would be worse than none
    paragraph.append(link)
    if is_last:
        paragraph.append(_mark("end"))


def rule(paragraph: Any) -> None:
    """A thick line above."""
    borders = element("pBdr")
    borders.append(element("top", val="single", sz="16", space="6", color="14202B"))
    paragraph.find(qn("w:pPr")).append(borders)


def no_padding() -> Any:
    """Of the cells of a table, so that its text stands in line with that below it."""
    margins = element("tblCellMar")
    margins.extend(element(side, w="0", type="dxa") for side in ("left", "right"))
    return margins


def _begin(instruction: str) -> list[Any]:
    run, code = element("r"), element("instrText")
    code.text = f" {instruction} "
    code.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(code)
    return [_mark("begin"), run, _mark("separate")]


def _mark(kind: str) -> Any:
    run = element("r")
    run.append(element("fldChar", fldCharType=kind))
    return run


def _place(number: int) -> str:
    return f"_Toc{number + 1:06d}"
