"""Addresses that are keys: short, because they are mailed."""

from django.urls import path

from . import views
from .questions import serving

app_name = "private"
urlpatterns = [
    path("<slug:key>/", views.page, name="page"),
    path("<slug:key>/answers/<int:pk>/", serving.own_file, name="answer"),
]
