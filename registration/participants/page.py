"""The list of participants as HTML: part of a page of ours, or a page by itself that needs nothing else."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from . import layout
from .tree import Tree

STYLES = settings.BASE_DIR / "static" / "css" / "participants.css"


def context(tree: Tree) -> dict[str, Any]:
    """For the template participants/_list.html."""
    return {
        "tree": tree,
        "head": tree.head,
        "list_sections": layout.sections(tree),
        "table_headings": layout.table_headings(tree) if tree.is_flat else [],
        "list_language": tree.language,
        "list_dir": "rtl" if layout.is_rtl(tree) else "ltr",
    }


def write(tree: Tree) -> bytes:
    """One file, for whoever keeps it: styles inside, nothing loaded from anywhere."""
    with override(tree.language):
        page = render_to_string("participants/document.html", context(tree) | {"styles": STYLES.read_text("utf-8")})
    return page.encode()
