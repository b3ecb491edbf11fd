"""Cells that a spreadsheet would run as a formula: made harmless, and nothing else touched.

The same rule twice: as SQL for the CSV that PostgreSQL writes itself, and in Python for the heading row.
"""

import re
from typing import Any

from django.db.models import CharField, Func

# What a spreadsheet takes for the start of a formula, or skips before one; also in full width.
STARTS = "=@\t\r\n+-＝＠＋－"
# A number or a telephone number may begin with a sign: +66 2 288 1234 ext. 5, -12.5
NUMBER = r"^[+-][0-9 ().,/\-]*([ ]?(ext\.?|x|#)[ ]?[0-9]+)?$"

_CODES = ", ".join(str(ord(c)) for c in STARTS)


class Guarded(Func):
    """Free text with an apostrophe before it where a spreadsheet would calculate."""

    # ascii() is the code point of the first character: of a hundred thousand cells hardly one needs the pattern.
    template = (
        f"CASE WHEN ascii(%(expressions)s) IN ({_CODES}) AND %(expressions)s !~ '{NUMBER}' "
        "THEN '''' || %(expressions)s ELSE %(expressions)s END"
    )
    output_field = CharField()
    arity = 1

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        sql, params = super().as_sql(compiler, connection, **context)
        return sql, params * self.template.count("%(expressions)s")


def guarded_sql(expression: str) -> str:
    """The same for a piece of SQL without parameters."""
    return Guarded.template % {"expressions": expression}


def guarded(text: str) -> str:
    """The same rule for one text in Python."""
    if text and text[0] in STARTS and not re.fullmatch(NUMBER.strip("^$"), text):
        return f"'{text}"
    return text
