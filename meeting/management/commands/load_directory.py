from typing import Any

from django.core.management.base import BaseCommand

from meeting import directory


class Command(BaseCommand):
    help = (
        "Loads the directory of States, territories and organisations that ships with Placard. "
        "Adds what is missing; keeps everything organisers have changed or added."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = directory.load()
        if options["verbosity"]:
            self.stdout.write(_in_words(loaded))


def _in_words(loaded: directory.Loaded) -> str:
    if not loaded:
        return "The directory is complete: nothing to add."
    return (
        f"Directory: added {loaded.entities} entities, {loaded.names} names and {loaded.memberships} memberships; "
        f"ended {loaded.names_ended} former names."
    )
