"""The admin: Django's own, opened by anybody with a role at any meeting, with our look."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _


class DeskAdminSite(AdminSite):
    site_header = "Placard"
    site_title = "Placard"
    index_title = _("Setup")
    enable_nav_sidebar = False

    def get_urls(self) -> list[Any]:
        from registration.desk import urls as desk_urls

        return [path("desk/", include((desk_urls.urlpatterns, "desk"), namespace="desk")), *super().get_urls()]

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Who signs in with nowhere else to go comes to the desk, not to the setup."""
        response = super().login(request, extra_context)
        if response.status_code == 302 and response["Location"] == reverse("admin:index"):
            return redirect("admin:desk:start")
        return response
