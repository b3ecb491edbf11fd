"""Real PostgreSQL and real Valkey for every test: embedded servers of the suite's own unless the environment names some."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("PLACARD_LOCAL", str(Path(__file__).resolve().parent.parent / ".local" / "test"))




def pytest_configure(config: pytest.Config) -> None:
    from config import embedded

    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        embedded.ensure()


@pytest.fixture(autouse=True)
def _plain_surroundings(settings, tmp_path):
    """Each test has its own media folder and clean caches; static names are not hashed; mail stays in memory."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from django.core.cache import cache

    cache.clear()
