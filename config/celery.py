"""The Celery application: worker and beat start here."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_prerun, worker_process_init
from django.db import close_old_connections

from . import garbage, pulse, transport  # noqa: F401  # the one watches worker and beat, the other keeps the worker alive

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("placard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """Having a receiver at all keeps Celery from logging in its own way: Django has set up ours."""


@worker_process_init.connect
def keep_what_is_loaded(**kwargs: Any) -> None:
    garbage.keep_what_is_loaded()


@task_prerun.connect
def keep_only_good_connections(**kwargs: Any) -> None:
    """As before each request: a connection that is old or broken is closed, a good one serves the next task too."""
    close_old_connections()
