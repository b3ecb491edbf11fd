"""`main`, run inside the stack, makes an administrator, and names every page of the admin that has one.

Prints JSON: of the stock admin the list, the empty form, one filled form, its history and the word before it is
deleted, for each model; of the desk each screen of one meeting, and of one record of each kind.
"""

import json

from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse

from meeting.models import Meeting, User
from registration.desk.urls import urlpatterns
from registration.models import CannedReason, Question, Registration
from registration.questions import standard

EMAIL, PASSWORD = "administrator@example.org", "seven lanterns on a quiet pier"
PAGES_OF_ONE = ("change", "history", "delete")


def found(name, *args):
    try:
        return [reverse(f"admin:{name}", args=args)]
    except NoReverseMatch:
        return []


def stock():
    pages = [*found("index"), *found("app_list", "meeting"), *found("app_list", "registration")]
    for model in admin.site._registry:
        name, first = f"{model._meta.app_label}_{model._meta.model_name}", model._default_manager.first()
        pages += [*found(f"{name}_changelist"), *found(f"{name}_add")]
        if first is not None:
            pages += [page for kind in PAGES_OF_ONE for page in found(f"{name}_{kind}", first.pk)]
    user = User.objects.first()
    return [
        *pages,
        *found("auth_user_password_change", user.pk),
        *found("account:overview"),
        *found("account:password"),
    ]


def desk(meeting):
    person = Registration.objects.filter(meeting=meeting, is_minor=False).order_by("-submitted_at").first()
    known = {"slug": meeting.slug, "code": meeting.categories.first().code}
    known |= {"reference": person.reference, "delegation": person.delegation.reference} if person else {}
    pages = []
    for pattern in urlpatterns:
        wanted = set(pattern.pattern.converters)
        sealed = pattern.name.startswith("child")
        if wanted <= set(known) and not sealed:
            pages += [reverse(f"admin:desk:{pattern.name}", kwargs={key: known[key] for key in wanted})]
    return pages


def main():
    ours = Meeting.objects.get(slug="eap-2008")
    root = User.objects.filter(email=EMAIL).first() or User.objects.create_superuser(EMAIL, PASSWORD, name="Root")
    if not Question.objects.filter(meeting=ours).exists():
        standard.switch_on(ours, next(iter(standard.GROUPS)), root)
    CannedReason.objects.get_or_create(meeting=ours, use="return", name="No date", text="Send the letter with a date.")
    client = Client(headers={"host": "localhost"})
    client.force_login(root)
    # An address that is only posted to, or that nobody is given, has no page to look at.
    print(json.dumps([page for page in stock() + desk(ours) if is_page(client.get(page))]))  # noqa: T201


def is_page(answer):
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
