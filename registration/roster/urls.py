"""A delegation's workspace, under /<meeting>/delegations/<reference>/."""

from django.urls import path

from ..focal import appointments
from . import views

app_name = "roster"
urlpatterns = [
    path("<slug:slug>/delegations/<slug:delegation>/", views.workspace, name="workspace"),
    path("<slug:slug>/delegations/<slug:delegation>/people/", appointments.focal_points, name="focal_points"),
    path("<slug:slug>/delegations/<slug:delegation>/people/<int:pk>/end/", appointments.end, name="focal_point_end"),
    path(
        "<slug:slug>/delegations/<slug:delegation>/people/<int:pk>/hand-over/",
        appointments.hand_over,
        name="focal_point_hand_over",
    ),
]
