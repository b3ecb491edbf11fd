"""Real PostgreSQL and real Valkey for every test: embedded ones unless the environment names some."""

import os

import pytest
from django.utils import translation


def pytest_configure(config: pytest.Config) -> None:
    from config import embedded

    (embedded.LOCAL_DIR / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise warns when it is not there
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        embedded.ensure()


@pytest.fixture(autouse=True)
def _plain_surroundings(settings, tmp_path):
    """Each test has its own media folder, clean caches and English words; static names are not hashed."""
    translation.activate("en")  # a request before may have left its own language behind
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from django.core.cache import cache

    cache.clear()
