"""Background work. A task takes ids, calls one function, and may run twice."""

from celery import shared_task

from meeting.account import sessions, throttle

from . import drafts, workflow
from . import retention as person_retention
from .bounces import forgetting as bounces_forgetting
from .bounces import mailbox, refused
from .campaigns import running as campaigns
from .duplicates import find
from .exports import jobs as exports
from .exports import leftovers as export_leftovers
from .exports import schedules as export_schedules
from .imports import commit as import_writing
from .imports import service as imports
from .issuing import batches as letter_batches
from .mail import addresses, delivery
from .mail import alarms as mail_alarms
from .many import forgetting as many_forgetting
from .many import running as many
from .models import ChangeCode, MailedKey
from .notices import alarms, digest
from .questions import forgetting, kept_files
from .reminders import sending as reminders
from .safeguarding import retention, watch


@shared_task
def send_mail(mail_id: int) -> None:
    """What was refused is looked at now, so that a page offers to correct the address and not to send again."""
    if delivery.deliver_and_more(mail_id):
        refused.sweep()


@shared_task
def send_mails(*mail_ids: int) -> None:
    if delivery.deliver_due():
        refused.sweep()


@shared_task
def sweep_outbox() -> None:
    delivery.sweep()


@shared_task
def watch_over_mail() -> None:
    mail_alarms.check()


@shared_task
def watch_over_children() -> None:
    watch.watch()


@shared_task
def destroy_old_child_records() -> None:
    retention.destroy_old()


@shared_task
def forget_drafts() -> None:
    drafts.forget()
    MailedKey.objects.forget()
    ChangeCode.objects.forget()


@shared_task
def forget_sign_ins() -> None:
    """Failures after a day; browsers in which nobody is signed in any more."""
    throttle.forget()
    sessions.forget_old()


@shared_task
def forget_birth_dates() -> None:
    person_retention.forget_birth_dates()


@shared_task
def look_for_duplicates() -> None:
    find.sweep()


@shared_task
def read_import(job_id: int) -> None:
    imports.preview(job_id)


@shared_task
def write_import(job_id: int) -> None:
    import_writing.write(job_id)


@shared_task
def sweep_imports() -> None:
    imports.sweep()


@shared_task
def forget_imports() -> None:
    imports.forget()


@shared_task
def forget_answers() -> None:
    forgetting.forget()
    kept_files.sweep()


@shared_task
def expire_offers() -> None:
    workflow.expire_offers()
    workflow.offer_what_is_free()


@shared_task
def decide_many(bulk_id: int) -> None:
    many.run(bulk_id)


@shared_task
def sweep_many() -> None:
    many.sweep()


@shared_task
def forget_many() -> None:
    many_forgetting.forget()


@shared_task
def run_campaign(campaign_id: int) -> None:
    campaigns.run(campaign_id)


@shared_task
def sweep_campaigns() -> None:
    campaigns.sweep()


@shared_task
def remind_people() -> None:
    reminders.send()


@shared_task
def send_digests() -> None:
    digest.send_digests()


@shared_task
def raise_alarms() -> None:
    alarms.raise_alarms()


@shared_task
def read_bounces() -> None:
    """Reports about messages, and refusals; and what was held in the moment in which its address was put right."""
    mailbox.read()
    refused.sweep()
    addresses.sweep()


@shared_task
def forget_addresses() -> None:
    bounces_forgetting.forget()


@shared_task
def issue_letters(batch_id: int) -> None:
    letter_batches.run(batch_id)


@shared_task
def sweep_letters() -> None:
    letter_batches.sweep()


@shared_task
def forget_letter_files() -> None:
    letter_batches.forget()


@shared_task
def make_export(job_id: int) -> None:
    exports.run(job_id)


@shared_task
def sweep_exports() -> None:
    exports.sweep()


@shared_task
def ask_for_exports() -> None:
    """Those that come again and are due."""
    export_schedules.run_due()


@shared_task
def forget_exports() -> None:
    exports.forget()
    export_schedules.forget()
    export_leftovers.sweep()
