"""The files a list can be had as: each drawn from its tree when somebody asks for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from meeting.models import Meeting

from ..models import ListVersion
from ..participants import docx, flat, page, pdf
from ..participants.tree import Tree


@dataclass(frozen=True)
class Format:
    name: str
    content_type: str
    write: Callable[[Tree], bytes]


def _json(tree: Tree) -> bytes:
    return json.dumps(tree.as_json(), ensure_ascii=False, indent=1).encode() + b"\n"


FORMATS = {
    "docx": Format("DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx.write),
    "pdf": Format("PDF", "application/pdf", pdf.write),
    "html": Format("HTML", "text/html; charset=utf-8", page.write),
    "xlsx": Format("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", flat.write),
    "json": Format("JSON", "application/json", _json),
}


def file_name(meeting: Meeting, version: ListVersion | None, language: str, suffix: str) -> str:
    """eap-2008-participants-rev-1-fr.docx"""
    state = f"{version.kind}-{version.number}" if version else "draft"
    return f"{meeting.slug}-participants-{state}-{language}.{suffix}"
