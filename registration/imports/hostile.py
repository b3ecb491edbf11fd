"""What a file really is, told by its content; and archives that would unfold to far more than they are."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .table import UnreadableFileError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_MEMBERS = 2_000
MOST_INFLATED = 200_000_000  # all members together
MOST_STRINGS = 40_000_000  # texts of a workbook are kept in memory
CHUNK = 1 << 18

# What people send instead, told by the first bytes, so that the answer can name it.
OTHERS: tuple[tuple[bytes, Any], ...] = (
    (b"%PDF-", gettext_lazy("a PDF")),
    (b"\xff\xd8\xff", gettext_lazy("a picture")),
    (b"\x89PNG", gettext_lazy("a picture")),
    (b"GIF8", gettext_lazy("a picture")),
    (b"RIFF", gettext_lazy("a picture")),
    (b"{\\rtf", gettext_lazy("a text document")),
    (b"Rar!", gettext_lazy("an archive")),
    (b"7z\xbc\xaf", gettext_lazy("an archive")),
    (b"\x1f\x8b", gettext_lazy("an archive")),
    (b"MZ", gettext_lazy("a program")),
    (b"\x7fELF", gettext_lazy("a program")),
)
WEB_PAGES = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<head", b"<body", b"<style")


def refuse_others(content: bytes) -> None:
    """UnreadableFileError for an empty file, and for what is told by its first bytes to be no spreadsheet."""
    if not content.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise UnreadableFileError(_("This file is empty. Choose the file again."))
    start = content[:1024].lstrip(b"\xef\xbb\xbf \r\n\t")
    for magic, what in OTHERS:
        if start.startswith(magic):
            raise UnreadableFileError(
                _("This file is %(what)s, not a spreadsheet. Send it as XLSX or CSV.") % {"what": what}
            )
    if start[:16].lower().startswith(WEB_PAGES):
        raise UnreadableFileError(
            _("This file is a web page that is only named like a spreadsheet. Open it in your spreadsheet program, "
              "save it as XLSX, and send that.")
        )  # fmt: skip


def refuse_office_of_old(content: bytes) -> None:
    """UnreadableFileError unless this OLE file is a plain old workbook."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        raise UnreadableFileError(_locked())
    if holds("WordDocument"):
        raise UnreadableFileError(_is_word())
    if holds("PowerPoint Document"):
        raise UnreadableFileError(_is_slides())
    if holds("_VBA_PROJECT"):
        raise UnreadableFileError(_has_macros())
    if not (holds("Workbook") or holds("Book")):
        raise UnreadableFileError(_("This is not a spreadsheet we know. Save it as XLSX or CSV, and send that."))


def _locked() -> str:
    return _("This file is locked with a password. Save it without one, and send that.")


def _has_macros() -> str:
    return _("This file contains macros, which we do not take. Save it as “Excel workbook (.xlsx)”, which has none.")


def _is_word() -> str:
    return _("This file is a Word document. Copy its table into a spreadsheet, save it as XLSX, and send that.")


def _is_slides() -> str:
    return _("This file is a presentation, not a spreadsheet. Send a spreadsheet as XLSX or CSV.")


class Archive:
    """A workbook as the archive it is, read by us first: nothing in it may be more than it says, or more than we take.

    The library that reads the values trusts sizes and names; so each member is unpacked here once, a piece at a time,
    and thrown away.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
            raise UnreadableFileError(damaged()) from error
        self.members = {m.filename: m for m in self.zip.infolist()}
        self._refuse_odd_lists()

    def _refuse_odd_lists(self) -> None:
        members = self.zip.infolist()
        if len(self.members) != len(members) or len({n.lower() for n in self.members}) != len(members):
            raise UnreadableFileError(damaged())
        if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > MOST_INFLATED:
            raise UnreadableFileError(too_much())
        if any(m.flag_bits & 1 for m in members):
            raise UnreadableFileError(_locked())
        if any(m.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for m in members):
            raise UnreadableFileError(damaged())

    def kind(self) -> str:
        """ "xlsx" or "ods"; UnreadableFileError that names what it is instead."""
        names = set(self.members)
        if any(n.lower().endswith("vbaproject.bin") for n in names):
            raise UnreadableFileError(_has_macros())
        if "xl/workbook.xml" in names:
            return "xlsx"
        if "content.xml" in names and self.read("mimetype", 200).startswith(
            b"application/vnd.oasis.opendocument.spreadsheet"
        ):
            return self._ods(names)
        raise UnreadableFileError(_what_else(names))

    def _ods(self, names: set[str]) -> str:
        if "META-INF/manifest.xml" in names and b"encryption-data" in self.read("META-INF/manifest.xml"):
            raise UnreadableFileError(_locked())
        if any(n.startswith(("Basic/", "Scripts/")) and not n.endswith("/") for n in names):
            raise UnreadableFileError(_has_macros())
        return "ods"

    def check_all(self, watch: dict[str, Callable[[bytes], None]]) -> None:
        """Unpack every member once within bounds; pieces of those in `watch` are handed on."""
        left = MOST_INFLATED
        for name in self.members:
            bound = min(left, MOST_STRINGS) if name.lower().endswith("sharedstrings.xml") else left
            for piece in self.pieces(name, bound):
                left -= len(piece)
                if name in watch:
                    watch[name](piece)

    def read(self, name: str, most: int = 4_000_000) -> bytes:
        """A small member as a whole; empty where there is none."""
        if name not in self.members:
            return b""
        return b"".join(self.pieces(name, most))

    def pieces(self, name: str, most: int) -> Iterator[bytes]:
        """The member in pieces, as any program would unpack it, whatever size is written on it."""
        member, out = self.members[name], 0
        packed = memoryview(self.content)[self._start(member) :][: member.compress_size]
        if len(packed) != member.compress_size:
            raise UnreadableFileError(damaged())
        for piece in _inflated(packed, member.compress_type):
            out += len(piece)
            if out > most:
                raise UnreadableFileError(too_much())
            yield piece
        if out != member.file_size:
            raise UnreadableFileError(damaged())

    def _start(self, member: zipfile.ZipInfo) -> int:
        """Where the member's content begins, by its own header."""
        header = self.content[member.header_offset : member.header_offset + 30]
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise UnreadableFileError(damaged())
        name, extra = struct.unpack("<HH", header[26:30])
        return member.header_offset + 30 + int(name) + int(extra)


def _inflated(packed: memoryview, how: int) -> Iterator[bytes]:
    if how == zipfile.ZIP_STORED:
        for at in range(0, len(packed), CHUNK):
            yield bytes(packed[at : at + CHUNK])
        return
    inflater = zlib.decompressobj(-15)
    waiting = bytes(packed)
    try:
        while waiting and not inflater.eof:
            if piece := inflater.decompress(waiting, CHUNK):
                yield piece
            waiting = inflater.unconsumed_tail
        while not inflater.eof and (piece := inflater.decompress(b"", CHUNK)):
            yield piece
    except zlib.error as error:
        raise UnreadableFileError(damaged()) from error
    if not inflater.eof:
        raise UnreadableFileError(damaged())


def _what_else(names: set[str]) -> str:
    if "word/document.xml" in names:
        return _is_word()
    if any(n.startswith("ppt/") for n in names):
        return _is_slides()
    if "xl/workbook.bin" in names:
        return _("This is a binary workbook (.xlsb). Save it as “Excel workbook (.xlsx)”, and send that.")
    if any(n.endswith(".iwa") for n in names):
        return _("This is a Numbers file. In Numbers choose Export, then Excel, and send the XLSX file.")
    return _("This file is an archive, not a spreadsheet. Unpack it, and send the spreadsheet in it as XLSX or CSV.")


def damaged() -> str:
    return _(
        "This file is damaged or cut off. Open it in your spreadsheet program, save it again as XLSX, and send that."
    )


def too_much() -> str:
    return _(
        "This file unfolds to far more than a roster can be, so we stopped reading it. Copy the rows into a new "
        "spreadsheet, save it as XLSX, and send that."
    )
