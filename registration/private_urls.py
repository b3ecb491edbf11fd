"""Addresses that are keys: short, because they are mailed."""

from django.urls import path

from .own_page import information, messages, papers, sharing, views, wrong_address
from .questions import serving

app_name = "private"
urlpatterns = [
    path("stop/<str:token>/", information.stop, name="stop"),
    path("<slug:key>/", views.page, name="page"),
    path("<slug:key>/information/", information.information, name="information"),
    path("<slug:key>/sharing/", sharing.sharing, name="sharing"),
    path("<slug:key>/code/", views.code, name="code"),
    path("<slug:key>/change/", views.change, name="change"),
    path("<slug:key>/withdraw/", views.withdraw, name="withdraw"),
    path("<slug:key>/seat/", views.seat, name="seat"),
    path("<slug:key>/proposal/", views.proposal, name="proposal"),
    path("<slug:key>/messages/", messages.messages, name="messages"),
    path("<slug:key>/messages/<int:pk>/", messages.message, name="message"),
    path("<slug:key>/address/", wrong_address.address, name="address"),
    path("<slug:key>/papers/<slug:kind>/<slug:language>/", papers.paper, name="paper"),
    path("<slug:key>/answers/<int:pk>/", serving.own_file, name="answer"),
]
