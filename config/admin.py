"""The admin: Django's own, opened by anybody with a role at any meeting, with our look."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import include, path
from django.utils.translation import gettext_lazy as _


class DeskAdminSite(AdminSite):
    site_header = "Placard"
    site_title = "Placard"
    index_title = _("Setup")
    enable_nav_sidebar = False

    def get_urls(self) -> list[Any]:
        from meeting.account import urls as account_urls
        from registration.desk import urls as desk_urls
        from registration.desk.forgotten import forgotten

        account = [*account_urls.urlpatterns, path("forgotten/", forgotten, name="forgotten")]
        return [
            path("desk/", include((desk_urls.urlpatterns, "desk"), namespace="desk")),
            path("account/", include((account, "account"), namespace="account")),
            *super().get_urls(),
        ]

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Everything that can be set up, and for each meeting the guided page."""
        from meeting.models import Meeting, Role

        mine = Meeting.objects.with_role(request.user, Role.ORGANISER)[:20]
        return super().index(request, {**(extra_context or {}), "meetings_run": mine})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Password, then the second factor. Whoever wanted nothing else comes to the desk, not to the setup."""
        from meeting.account import signing_in

        return signing_in.sign_in(request)

    # Django's stubs give these two one kind of response; ours, like Django's own views, may redirect.
    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        from meeting.account import sessions

        if request.method == "POST":
            sessions.forget(request)
        return super().logout(request, extra_context)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One way to do it: where sessions and second factor are looked after as well."""
        return redirect("admin:account:password")
