"""A delegation's workspace, under /<meeting>/delegations/<reference>/."""

from django.urls import path

from . import views

app_name = "roster"
urlpatterns = [path("<slug:slug>/delegations/<slug:delegation>/", views.workspace, name="workspace")]
