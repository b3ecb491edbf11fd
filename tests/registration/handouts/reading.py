"""What stands in a file that was made."""

import io

import openpyxl
import pypdfium2


def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def size(pdf: bytes) -> tuple[float, float]:
    """Of the first page, in points."""
    return pypdfium2.PdfDocument(pdf)[0].get_size()


def boxes(pdf: bytes, page: int = 0) -> list[tuple[float, float, float, float]]:
    """Where the pieces of text stand: left, bottom, right, top, in points."""
    text = pypdfium2.PdfDocument(pdf)[page].get_textpage()
    return [text.get_charbox(n) for n in range(text.count_chars())]


def rows(xlsx: bytes, sheet: int = 0) -> list[tuple]:
    book = openpyxl.load_workbook(io.BytesIO(xlsx), read_only=True)
    return [tuple(row) for row in book.worksheets[sheet].iter_rows(values_only=True)]
