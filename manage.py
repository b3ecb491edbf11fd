#!/usr/bin/env python
"""Starts Django; the embedded servers first, where the environment names no others."""

import os
import sys

WITHOUT_SERVERS = {"help", "version", "--version", "check", "collectstatic", "compilemessages", "makemessages"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed for this Python. Run script/bootstrap, then .venv/bin/python manage.py ...")
    if needs_servers(sys.argv[1:]):
        start_servers()
    execute_from_command_line(sys.argv)


def needs_servers(arguments: list[str]) -> bool:
    return bool(arguments) and arguments[0] not in WITHOUT_SERVERS and not {"-h", "--help"} & set(arguments)


def start_servers() -> None:
    import environ

    from config import embedded

    environ.Env.read_env(embedded.BASE_DIR / ".env")  # it may name the servers
    try:
        embedded.ensure()
    except embedded.EmbeddedError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
