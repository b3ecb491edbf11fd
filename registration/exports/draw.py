"""A program of its own, for one table: the memory that thousands of rows take goes back when it ends.

From standard input a line of JSON (`data`, `fonts`), to standard output the PDF. It knows nothing of Django.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import typst

HERE = Path(__file__).parent


def main() -> None:
    given = json.load(sys.stdin)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[given["fonts"]])
    inputs = {"data": json.dumps(given["data"], ensure_ascii=False)}  # data, never markup
    drawn = typst.compile(
        str(HERE / "table.typ"), root=str(HERE), sys_inputs=inputs, font_paths=fonts, format="pdf", pdf_standards="ua-1"
    )
    sys.stdout.buffer.write(drawn)


if __name__ == "__main__":
    main()
