"""Addresses of focal points, under /delegations/."""

from django.urls import path

from . import answering, views

app_name = "focal"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("enter/<slug:key>/", views.enter, name="enter"),
    path("invitation/<slug:key>/", answering.invitation, name="invitation"),
    path("sign-out/", views.sign_out, name="sign_out"),
]
