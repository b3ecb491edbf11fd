"""The desk's addresses, under /admin/desk/. DeskAdminSite includes them, so their names begin with `admin:desk:`."""

from django.urls import path

from . import people, views

urlpatterns = [
    path("", views.start, name="start"),
    path("<slug:slug>/queue/", views.queue, name="queue"),
    path("<slug:slug>/queue/selected/", views.selected, name="selected"),
    path("<slug:slug>/queue/confirmed/", views.confirmed, name="confirmed"),
    path("<slug:slug>/registrations/<str:reference>/", views.registration, name="registration"),
    path("<slug:slug>/registrations/<str:reference>/decide/", views.decide, name="decide"),
    path("<slug:slug>/letters/<int:pk>/", views.letter, name="letter"),
    path("<slug:slug>/people/", people.people, name="people"),
    path("<slug:slug>/people/export.csv", people.export_csv, name="export_csv"),
    path("<slug:slug>/people/export.xlsx", people.export_xlsx, name="export_xlsx"),
]
