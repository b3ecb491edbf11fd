"""The shape Placard has in production: settings, headers, health, and the files that build and run it."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from config import environment, errors, health

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {
    "DATABASE_URL": "postgresql://placard@database.invalid/placard",
    "REDIS_URL": "redis://redis.invalid:6379/0",
    "EMAIL_URL": "smtp+tls://placard:pass@mail.invalid:587",
    "SEAL_KEYS": "b2YtdGhlLWJ1aWxkLW9ubHktb2YtdGhlLWJ1aWxkLW8=",
    "SECRET_KEY": "a-key-of-sixty-characters-for-nothing-but-this-test-0123456789",
    "SITE_URL": "https://meetings.example.org",
    "BEHIND_PROXY": "yes",
}


def fails(request: HttpRequest) -> HttpResponse:
    raise ValueError


def database_away(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection refused")


urlpatterns = [path("fails/", fails), path("away/", database_away), path("", include("config.urls"))]
handler400, handler404 = "config.errors.bad_request", "config.errors.not_found"
handler500 = "config.errors.server_error"


def python(*arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=kept | ENVIRONMENT | changed, capture_output=True, text=True
    )


@pytest.fixture
def visitor(settings):
    """A browser that is shown error pages, on addresses that include two that fail."""
    settings.ROOT_URLCONF = __name__
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    return Client(raise_request_exception=False)


# --- Settings


def test_django_finds_nothing_to_warn_of():
    done = python("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_a_missing_setting_stops_the_web_process_with_one_sentence():
    done = python("-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi", SITE_URL="")
    assert done.returncode == 1
    assert done.stderr == "SITE_URL is not set. Write it like https://meetings.example.org\n"


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: environment.flag("X"), "perhaps"),
        (lambda: environment.number("X", 1), "-1"),
        (lambda: environment.number("X", 1), "ten"),
        (lambda: environment.hosts("X"), "*"),
        (lambda: environment.hosts("X"), "a.example.org,https://b.example.org"),
        (lambda: environment.secret("X"), "too-short"),
        (lambda: environment.address("X", "", {"redis"}, "redis://host"), "host:6379"),
    ],
)
def test_a_wrong_value_is_named_and_not_repeated(monkeypatch, read, value):
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured, match=r"^X has a value that cannot be used\. \w+") as refusal:
        read()
    assert value == "*" or value not in str(refusal.value)


@pytest.mark.parametrize(
    "value", ["meetings.example.org", "https://", "https://a.org/x", "https://a.org?x", "ftp://a.org"]
)
def test_the_site_is_a_scheme_and_a_host(monkeypatch, value):
    monkeypatch.setenv("SITE_URL", value)
    with pytest.raises(ImproperlyConfigured, match="SITE_URL"):
        environment.site_url("")


def test_an_empty_value_is_none(monkeypatch):
    monkeypatch.setenv("X", " ")
    assert (environment.text("X", "a"), environment.flag("X", True), environment.number("X", 3)) == ("a", True, 3)


# --- Headers

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "host", "status"),
    [
        ("/", "testserver", 200),
        ("/static/css/base.css", "testserver", 200),
        ("/nothing/here", "testserver", 404),
        ("/", "elsewhere.example.org", 400),
        ("/fails/", "testserver", 500),
        ("/away/", "testserver", 503),
        ("/healthz", "10.1.2.3:8000", 200),
        ("/admin/", "testserver", 302),
    ],
)
def test_every_answer_has_every_header(visitor, address, host, status):
    answer = visitor.get(address, headers={"host": host})
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert "camera=()" in answer.headers["Permissions-Policy"]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/r/nobody/", "/admin/login/", "/admin/", "/none/register/check/nobody/", "/none/my-page/"]
)
def test_what_is_somebodys_own_is_stored_nowhere(client, address):
    assert "no-store" in client.get(address).headers["Cache-Control"]


def test_a_form_that_expired_says_so_kindly():
    answer = Client(enforce_csrf_checks=True).post("/admin/login/")
    assert answer.status_code == 403
    assert "load the page again" in answer.content.decode()


def test_without_its_database_a_page_says_when_to_come_back(visitor):
    assert visitor.get("/away/").headers["Retry-After"] == "30"


def test_the_error_page_needs_nothing(visitor, monkeypatch):
    monkeypatch.setattr(errors.loader, "render_to_string", fails)
    answer = visitor.get("/fails/")
    assert answer.status_code == 500
    assert "Something on our side failed" in answer.content.decode()


# --- Health


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_probes_may_ask_under_any_name(client, address):
    answer = client.get(address, headers={"host": "172.18.0.4:8000", "x-forwarded-host": "elsewhere.example.org"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


@pytest.mark.django_db
def test_not_ready_without_a_database(client, monkeypatch):
    for name, value in {"HOST": "127.0.0.1", "PORT": "1"}.items():
        monkeypatch.setitem(connections.settings["default"], name, value)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, False)


@pytest.mark.django_db
def test_ready_without_a_broker_and_quick_to_say_so(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    started = time.monotonic()
    answer = client.get("/readyz")
    assert time.monotonic() - started < 1
    assert (answer.status_code, answer.json()) == (200, {"database": True, "broker": False})


def test_a_probe_that_hangs_counts_as_no(monkeypatch):
    monkeypatch.setattr(health, "PATIENCE", 0.2)
    assert health.in_time(lambda: True, lambda: bool(time.sleep(1)) or True) == [True, False]


# --- The files that build and run it


def text(name: str) -> str:
    return (ROOT / name).read_text()


def services() -> dict[str, str]:
    """Each service of the compose file with what it says, and what it takes over."""
    compose = text("docker-compose.yml")
    shared = re.search(r"^x-app: .*?(?=^\S)", compose, re.M | re.S)[0]
    body = re.search(r"^services:\n(.*?)(?=^\S)", compose, re.M | re.S)[1]
    found = dict(re.findall(r"^  (\w+):\n((?:(?:    .*)?\n)+)", body, re.M))
    return {name: said + (shared if "<<: *app" in said else "") for name, said in found.items()}


def test_every_container_comes_back_and_says_how_it_is():
    assert set(services()) == {"nginx", "web", "worker", "beat", "migrate", "postgres", "redis"}
    for name, said in services().items():
        assert 'restart: "no"' in said if name == "migrate" else "restart: unless-stopped" in said
        assert "healthcheck:" in said or "<<: *app" in said  # the image brings its own


def test_only_nginx_is_reachable_from_outside():
    assert [name for name, said in services().items() if "ports:" in said] == ["nginx"]
    assert "internal: true" in text("docker-compose.yml")
    for name in ("postgres", "redis"):
        assert "networks: [data]" in services()[name]


def test_images_are_pinned_and_passwords_have_no_default():
    compose = text("docker-compose.yml")
    images = re.findall(r"image: (?!\$)(\S+)", compose) + re.findall(r"^FROM (\S+)", text("Dockerfile"), re.M)
    assert images
    assert all(re.search(r":\d+\.?\d*[^:]*-bookworm$", image) for image in images)
    for name in ("SECRET_KEY", "SEAL_KEYS", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "SITE_URL", "EMAIL_URL"):
        assert set(re.findall(rf"\${{{name}\W+[^}}]*}}", compose)) == {f"${{{name}:?is not set in .env}}"}


def test_the_image_is_made_by_any_builder_and_runs_as_nobody_special():
    dockerfile = text("Dockerfile")
    assert "--mount" not in dockerfile
    assert "--require-hashes" in dockerfile
    last = dockerfile.rpartition("\nFROM ")[2]
    assert "USER placard" in last
    assert "apt-get" not in last
    assert text(".dockerignore").splitlines()[1] == "*"  # nothing goes in that is not named


def test_nginx_logs_no_address_and_nobody():
    template = text("docker/nginx/placard.conf.template")
    logged = set(re.findall(r"\$\w+", re.search(r"log_format placard.*?;\n", template, re.S)[0]))
    assert not logged & {"$request", "$uri", "$request_uri", "$args", "$remote_addr", "$http_referer"}
    assert "error_log /dev/stderr crit" in template


def test_what_nginx_refuses_is_larger_than_what_we_refuse_ourselves():
    largest = int(re.search(r"client_max_body_size (\d+)m;  #", text("docker/nginx/placard.conf.template"))[1])
    letters = int(re.search(r"^    client_max_body_size (\d+)m;", text("docker/nginx/placard.conf.template"), re.M)[1])
    assert letters * 1_000_000 > 2 * configured.LETTER_MAX_BYTES
    assert largest * 1_000_000 > 10 * configured.LETTER_MAX_BYTES
    assert f"{configured.LETTER_MAX_BYTES // 1_000_000} MB" in text("docker/nginx/pages/413.html")


def test_every_variable_is_documented():
    code = (
        text("config/settings.py") + text("docker-compose.yml") + text("config/embedded.py") + text("config/serve.py")
    )
    read = set(re.findall(r"environment\.\w+\(\s*\"([A-Z_]+)\"", code)) | set(re.findall(r"\$\{([A-Z_]+)", code))
    read |= set(re.findall(r"environ(?:\.get)?[(\[]\"([A-Z_]+)\"", code)) - {"DJANGO_SETTINGS_MODULE"}
    documented = set(re.findall(r"^\| `([A-Z_]+)`", text("docs/operations.md"), re.M))
    assert read - documented == set()
