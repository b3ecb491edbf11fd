"""The list of participants and its versions."""

from django.urls import path

from . import participants

urlpatterns = [
    path("<slug:slug>/participants/", participants.participants, name="participants"),
    path("<slug:slug>/participants/make/", participants.participants_make, name="participants_make"),
    path("<slug:slug>/participants/setup/", participants.participants_setup, name="participants_setup"),
    path("<slug:slug>/participants/compare/", participants.participants_compare, name="participants_compare"),
    path("<slug:slug>/participants/draft/<slug:language>/", participants.participants_draft, name="participants_draft"),
    path(
        "<slug:slug>/participants/draft/<slug:language>.<slug:suffix>",
        participants.participants_draft_file,
        name="participants_draft_file",
    ),
    path(
        "<slug:slug>/participants/<uuid:token>/publish/", participants.participants_publish, name="participants_publish"
    ),
    path("<slug:slug>/participants/<uuid:token>/ask/", participants.participants_ask, name="participants_ask"),
    path("<slug:slug>/participants/<uuid:token>/checks/", participants.participants_checks, name="participants_checks"),
    path(
        "<slug:slug>/participants/<uuid:token>/unpublish/",
        participants.participants_unpublish,
        name="participants_unpublish",
    ),
    path(
        "<slug:slug>/participants/<uuid:token>/<slug:language>/",
        participants.participants_version,
        name="participants_version",
    ),
    path(
        "<slug:slug>/participants/<uuid:token>/<slug:language>.<slug:suffix>",
        participants.participants_file,
        name="participants_file",
    ),
]
