"""Lists that leave, asked for on the page as people do it, and opened again."""

import csv
import io
import json
import uuid

import openpyxl
from django.urls import reverse

REASON = "For the shuttle bus company"


def address(meeting, **query):
    return reverse("admin:desk:export", args=[getattr(meeting, "slug", meeting)], query=query)


def ask(client, meeting, file_format="csv", query=None, **given):
    """What the page answers when it is sent."""
    data = {"format": file_format, "reason": REASON, "token": str(uuid.uuid4()), **given}
    return client.post(address(meeting, **(query or {})), data)


def content(response):
    assert response.status_code == 200, response.content.decode()
    assert response.streaming, "the form came back: " + response.content.decode()
    return b"".join(response.streaming_content)


def read_csv(response, delimiter=","):
    return list(csv.reader(io.StringIO(content(response).decode(), newline=""), delimiter=delimiter))


def read_xlsx(response):
    return openpyxl.load_workbook(io.BytesIO(content(response))).active


def read_json(response):
    return json.loads(content(response))


def in_csv(client, meeting, query=None, **given):
    headings, *rows = read_csv(ask(client, meeting, "csv", query, **given))
    return [dict(zip(headings, row, strict=True)) for row in rows]


def in_xlsx(client, meeting, query=None, **given):
    headings, *rows = read_xlsx(ask(client, meeting, "xlsx", query, **given)).iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]
