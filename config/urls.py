from django.contrib import admin
from django.urls import include, path

from config import health
from registration.api.app import api

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
    path("r/", include("registration.private_urls")),
    path("delegations/", include("registration.focal.urls")),
    path("", include("registration.roster.urls")),
    path("", include("programme.urls")),
    path("", include("registration.urls")),
    path("", include("meeting.urls")),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
