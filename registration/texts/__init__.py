"""The words of messages and letters: what comes with the product, and what organisers write in its place.

A text is written in a language of its own: paragraphs, lists and **emphasis**, `{{ placeholders }}` from a list, and
`{% if placeholder %}`. It can read nothing but its placeholders, and it cannot loop.
"""

from .choosing import hold, is_held, save, versions, words_for
from .defaults import default
from .kinds import GROUPS, KINDS, Kind, Placeholder
from .language import LONGEST, Problem, Words, check, shape_of
from .markup import fill_html, fill_text

__all__ = [
    "GROUPS",
    "KINDS",
    "LONGEST",
    "Kind",
    "Placeholder",
    "Problem",
    "Words",
    "check",
    "default",
    "fill_html",
    "fill_text",
    "hold",
    "is_held",
    "save",
    "shape_of",
    "versions",
    "words_for",
]
