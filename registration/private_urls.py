"""Addresses that are keys: short, because they are mailed."""

from django.urls import path

from . import views

app_name = "private"
urlpatterns = [path("<slug:key>/", views.page, name="page")]
