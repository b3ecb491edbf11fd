"""Figures as SVG: in a page its style sheet colours them, by themselves they carry their own colours.

Horizontal bars grow in the direction of reading; columns go with time.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import get_language_bidi

from .figures import Figure, Row

INK, SOFT, MAIN, LATE, GREY, GRID, PAPER = "#14202b", "#52606d", "#005a8c", "#c77700", "#7a8794", "#d3dbe1", "#ffffff"
FONT = "Noto Sans"
RTL = ' direction="rtl"'
BAR, STEP = 20, 28  # height of a bar, and from one to the next
GAP = 8
SIZE = 13  # of letters
COLUMNS_HEIGHT = 190
WIDE, NARROW, PHONE = 1180, 560, 330  # of a figure across the page, of one in half of it, of any on a phone


def draw(figure: Figure, *, width: int = 0) -> str:
    """The figure as one `svg` element, in the direction of the language in force."""
    return canvas_of(figure, width).svg(figure.spoken())


def shapes(figure: Figure, *, width: int = 0) -> dict[str, Any]:
    """The same as data, for a typesetter that sets the words itself: its own fonts, its own order of letters."""
    canvas = canvas_of(figure, width)
    found = [{"kind": type(shape).__name__.lower(), **asdict(shape)} for shape in canvas.shapes]
    return {"width": canvas.width, "height": canvas.height, "shapes": found}


def canvas_of(figure: Figure, width: int = 0) -> Canvas:
    width = width or (WIDE if figure.is_columns else NARROW)
    canvas = Canvas(width, is_mirrored=get_language_bidi() and not figure.is_columns)
    canvas.height = _columns(canvas, figure) if figure.is_columns else _bars(canvas, figure)
    return canvas


@dataclass(frozen=True)
class Look:
    """The name by which a style sheet knows a shape, and its colours without one."""

    name: str
    fill: str = "none"
    stroke: str = "none"
    width: float = 1
    is_dashed: bool = False


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    look: Look

    def svg(self) -> str:
        place = f'x="{self.x:.1f}" y="{self.y:.1f}" width="{self.width:.1f}" height="{self.height:.1f}"'
        return f'<rect class="{self.look.name}" {place} {_paint(self.look)}/>'


@dataclass(frozen=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    look: Look

    def svg(self) -> str:
        place = f'x1="{self.x1:.1f}" y1="{self.y1:.1f}" x2="{self.x2:.1f}" y2="{self.y2:.1f}"'
        return f'<line class="{self.look.name}" {place} {_paint(self.look)}/>'


@dataclass(frozen=True)
class Words:
    """`x` is where they begin, end or have their middle, seen from the left; `anchor` says which."""

    x: float
    y: float
    words: str
    anchor: str
    is_soft: bool

    def svg(self) -> str:
        # What begins on the left ends there in the eyes of whoever reads from the right, and a browser as well.
        is_rtl = get_language_bidi()
        anchor = {"left": "end" if is_rtl else "start", "right": "start" if is_rtl else "end"}.get(
            self.anchor, "middle"
        )
        return (
            f'<text class="{"soft" * self.is_soft}" x="{self.x:.1f}" y="{self.y:.1f}" font-size="{SIZE}"'
            f' fill="{SOFT if self.is_soft else INK}" text-anchor="{anchor}"{RTL * is_rtl}>'
            f"{escape(self.words)}</text>"
        )


class Canvas:
    """Shapes with the direction of reading taken care of: x counts from where reading begins."""

    def __init__(self, width: int, *, is_mirrored: bool) -> None:
        self.width, self.height, self.is_mirrored = width, 0.0, is_mirrored
        self.shapes: list[Box | Line | Words] = []

    def box(self, x: float, y: float, width: float, height: float, look: Look) -> None:
        self.shapes.append(Box(self.width - x - width if self.is_mirrored else x, y, width, height, look))

    def line(self, x1: float, y1: float, x2: float, y2: float, look: Look) -> None:
        self.shapes.append(Line(self._across(x1), y1, self._across(x2), y2, look))

    def text(self, x: float, y: float, words: str, *, anchor: str = "start", is_soft: bool = False) -> None:
        """`anchor` in the direction of reading: start, middle or end."""
        first, last = ("right", "left") if self.is_mirrored else ("left", "right")
        side = {"start": first, "end": last}.get(anchor, anchor)
        if words:
            self.shapes.append(Words(self._across(x), y, words, side, is_soft))

    def _across(self, x: float) -> float:
        return self.width - x if self.is_mirrored else x

    def svg(self, spoken: str) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {self.width} {self.height:.0f}"'
            f' font-family="{FONT}, sans-serif" role="img" aria-label={quoteattr(spoken)}>'
            f"{''.join(shape.svg() for shape in self.shapes)}</svg>"
        )


def _paint(look: Look) -> str:
    dashes = ' stroke-dasharray="3 3"' * look.is_dashed
    stroke = f' stroke="{look.stroke}" stroke-width="{look.width}"{dashes}' if look.stroke != "none" else ""
    return f'fill="{look.fill}"{stroke}'


FULL, HOLLOW = Look("a1", MAIN), Look("hatch", PAPER, MAIN, 1.5)
OVERDUE, QUIET = Look("a2", LATE), Look("a3", GREY)
GRID_LINE, AXIS = Look("ln", stroke=GRID), Look("ax", stroke=INK)
TICK, LIMIT = Look("tick", stroke=INK, width=2), Look("ref", stroke=INK, is_dashed=True)


def _bars(canvas: Canvas, figure: Figure) -> float:
    """Labels, bars, words beside them; the height."""
    labels = min(max((_long(row.label) for row in figure.shown), default=0) + GAP, canvas.width * 0.42)
    beside = max((_long(row.text) for row in figure.shown), default=0) + 2 * GAP
    scale = max(canvas.width - labels - beside, 60) / figure.most
    for n, row in enumerate(figure.shown):
        _bar(canvas, row, labels, n * STEP + 4, scale)
    height = len(figure.shown) * STEP + 4
    if figure.limit is not None and figure.shown:
        canvas.line(labels + figure.limit * scale, 0, labels + figure.limit * scale, height, LIMIT)
        canvas.text(labels + figure.limit * scale, height + SIZE + 2, figure.limit_name, anchor="middle", is_soft=True)
        height += SIZE + 8
    return height


def _bar(canvas: Canvas, row: Row, x: float, y: float, scale: float) -> None:
    canvas.text(x - GAP, y + BAR * 0.72, _fitting(row.label, x - GAP), anchor="end")
    looks = [OVERDUE if row.is_late else QUIET if row.is_soft else FULL, HOLLOW]
    end = x
    for value, look in zip(row.values, looks, strict=False):
        if value:
            canvas.box(end, y, max(value * scale, 1), BAR, look)
            end += value * scale
    if row.limit is not None:
        canvas.line(x + row.limit * scale, y - 3, x + row.limit * scale, y + BAR + 3, TICK)
        end = max(end, x + row.limit * scale)
    canvas.text(end + GAP, y + BAR * 0.72, row.text)


def _columns(canvas: Canvas, figure: Figure) -> float:
    """Columns over an axis of days, with lines to read them by; the height."""
    top, left, bottom = 24, 40, COLUMNS_HEIGHT
    scale = (bottom - top) / figure.most
    for value in _readings(figure.most):
        canvas.line(left, bottom - value * scale, canvas.width, bottom - value * scale, GRID_LINE)
        canvas.text(left - GAP, bottom - value * scale + 4, str(value), anchor="end", is_soft=True)
    step = (canvas.width - left) / max(len(figure.shown), 1)
    width = min(step * 0.9, 48)
    for n, row in enumerate(figure.shown):
        x, height = left + n * step, row.total * scale
        canvas.box(x, bottom - height, width, height, QUIET if row.is_soft else FULL)
        canvas.text(x + width / 2, bottom - height - 6, row.text, anchor="middle")
    _days(canvas, [(left + n * step, row.short) for n, row in enumerate(figure.shown)], bottom + 20)
    canvas.line(left, bottom, canvas.width, bottom, AXIS)
    return bottom + 30


def _days(canvas: Canvas, labels: list[tuple[float, str]], y: float) -> None:
    """Under the columns: the last at the end of the axis, the others from the first on, as far as there is room."""
    *others, (_x, last) = labels
    canvas.text(canvas.width, y, last, anchor="end")
    free = 0.0
    for x, words in others:
        if words and x >= free and x + _long(words) < canvas.width - _long(last) - GAP:
            canvas.text(x, y, words)
            free = x + _long(words) + 2 * GAP


def _readings(most: float) -> list[int]:
    """Three or four round numbers below `most`."""
    step = 1
    while most / step > 4:
        step *= 5 if str(step)[0] == "2" or (str(step)[0] == "1" and most / step > 20) else 2
    return list(range(step, int(most) + 1, step))


def _long(words: str) -> float:
    """About how long a text is: letters of other scripts may be twice as wide as ours."""
    return sum(SIZE * (1.02 if ord(c) > 0x2E80 else 0.56) for c in words)


def _fitting(words: str, width: float) -> str:
    while words and _long(words) > width:
        words = words[:-2].rstrip() + "…"
    return words
