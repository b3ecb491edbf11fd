"""What is written down, and what must never be. Each test reads the lines as an operator would."""

import io
import json
import logging

import pytest
from celery import shared_task
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from structlog.stdlib import ProcessorFormatter

PERSONAL = ["Waqanisau", "litia@health.example.org", "5550142", "kQ3vSecretKeyOfALink"]


def fails(request: HttpRequest, key: str) -> HttpResponse:
    name = request.POST.get("family_name")
    try:
        raise IntegrityError(f"Key (email)=(litia@health.example.org) of {name} already exists")
    except IntegrityError as error:
        raise ValueError(f"{name} cannot be saved under {key}") from error


urlpatterns = [path("fails/<slug:key>/", fails), path("", include("config.urls"))]
handler500 = "config.errors.server_error"


@pytest.fixture
def lines():
    """Reads what has been logged so far: the whole text, and each line as an object."""
    ours = next(h.formatter for h in logging.getLogger().handlers if isinstance(h.formatter, ProcessorFormatter))
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(ours)
    logging.getLogger().addHandler(handler)

    def read():
        text = handler.stream.getvalue()
        assert not [word for word in PERSONAL if word in text]
        return [json.loads(line) for line in text.splitlines()]

    yield read
    logging.getLogger().removeHandler(handler)


def test_a_request_is_one_line_by_the_pattern_of_its_address(client, lines, db):
    response = client.post(
        "/r/kQ3vSecretKeyOfALink/?phone=5550142", {"email": "litia@health.example.org", "family_name": "Waqanisau"}
    )
    (line,) = lines()
    assert line["route"] == "r/<slug:key>/"
    assert (line["method"], line["status"]) == ("POST", response.status_code)
    assert line["ms"] > 0
    assert line["request_id"] == response.headers["X-Request-ID"]


def test_an_address_that_fits_no_pattern_is_not_logged(client, lines, db):
    client.get("/litia@health.example.org/Waqanisau")
    (line,) = lines()
    assert (line["route"], line["status"]) == ("-", 404)


def test_a_wrong_host_is_one_line(client, lines):
    client.get("/", headers={"host": "waqanisau.example.org"})
    (line,) = lines()
    assert line["status"] == 400
    assert "waqanisau" not in json.dumps(line)


def test_an_exception_leaves_its_kinds_and_frames_without_values(client, lines, settings):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    response = client.post("/fails/kQ3vSecretKeyOfALink/?tel=5550142", {"family_name": "Waqanisau"})
    assert response.status_code == 500
    raised, request = lines()
    assert [link["kind"] for link in raised["raised"]] == ["ValueError", "django.db.utils.IntegrityError"]
    assert raised["raised"][0]["frames"][-1].endswith(" fails")
    assert raised["request_id"] == request["request_id"]
    assert raised["request_id"] in response.content.decode()
    assert (request["route"], request["status"]) == ("fails/<slug:key>/", 500)


def test_a_page_that_is_not_there_is_no_exception(client, lines, db):
    client.get("/r/kQ3vSecretKeyOfALink/")
    assert [line["event"] for line in lines()] == ["request"]


def test_probes_and_static_files_are_not_logged(client, lines):
    client.get("/healthz")
    assert lines() == []


@shared_task
def tell(registration_id: int, fail: bool) -> None:
    if fail:
        raise ValueError("litia@health.example.org")


def test_a_task_is_one_line_with_ids_only(lines, db):
    tell.apply((7, False))
    (line,) = lines()
    assert (line["event"], line["state"], line["ids"]) == ("task", "SUCCESS", [7, False])
    assert line["task"].endswith(".tell")


def test_a_task_that_fails_says_where_and_not_with_what(lines, db):
    tell.apply((7, True))
    raised, ended = lines()
    assert raised["raised"][0]["kind"] == "ValueError"
    assert raised["task_id"] == ended["task_id"]
    assert ended["state"] == "FAILURE"


@pytest.mark.parametrize(
    ("logger", "message", "arguments", "kept"),
    [
        ("gunicorn.error", "Error handling request %s", ("/r/kQ3vSecretKeyOfALink/",), "Error handling request"),
        ("gunicorn.error", "Invalid request from ip=5550142: Waqanisau", (), "Invalid request"),
        ("gunicorn.error", "Listening at: %s (%s)", ("http://[::]:8000", 1), "Listening at: http://[::]:8000 (1)"),
        ("a.library", "cannot read %s on line %d", ("Waqanisau", 12), "cannot read %s on line %d"),
        ("a.library", "cannot read %(name)s", ({"name": "Waqanisau"},), "cannot read %(name)s"),
    ],
)
def test_of_a_library_the_wording_is_kept(lines, logger, message, arguments, kept):
    logging.getLogger(logger).error(message, *arguments)
    (line,) = lines()
    assert line["event"] == kept
    assert (line["level"], line["logger"]) == ("error", logger)


def test_a_library_cannot_hand_over_the_text_of_an_exception(lines):
    try:
        raise ValueError("Waqanisau")
    except ValueError:
        logging.getLogger("a.library").exception("it failed")
    (line,) = lines()
    assert line["raised"][0]["kind"] == "ValueError"
