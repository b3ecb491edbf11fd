"""Background work. A task takes ids, calls one function, and may run twice."""

from celery import shared_task

from . import drafts
from .duplicates import find
from .mail import outbox


@shared_task
def send_mail(mail_id: int) -> None:
    outbox.deliver(mail_id)


@shared_task
def sweep_outbox() -> None:
    outbox.sweep()


@shared_task
def forget_drafts() -> None:
    drafts.forget()


@shared_task
def look_for_duplicates() -> None:
    find.sweep()
