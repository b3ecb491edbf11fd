"""The desk's addresses, under /admin/desk/. DeskAdminSite includes them, so their names begin with `admin:desk:`."""

from django.urls import path

from . import answers, asking, delegations, people, safeguarding, setting_up, views

urlpatterns = [
    path("", views.start, name="start"),
    path("<slug:slug>/queue/", views.queue, name="queue"),
    path("<slug:slug>/queue/selected/", views.selected, name="selected"),
    path("<slug:slug>/queue/confirmed/", views.confirmed, name="confirmed"),
    path("<slug:slug>/registrations/<str:reference>/", views.registration, name="registration"),
    path("<slug:slug>/registrations/<str:reference>/decide/", views.decide, name="decide"),
    path("<slug:slug>/answers/<int:pk>/", answers.answer, name="answer"),
    path("<slug:slug>/letters/<int:pk>/", views.letter, name="letter"),
    path("<slug:slug>/questions/", asking.standard_questions, name="standard_questions"),
    path("<slug:slug>/categories/", setting_up.categories, name="categories"),
    path("<slug:slug>/copy/", setting_up.copy, name="copy_meeting"),
    path("<slug:slug>/delegations/", delegations.delegations, name="delegations"),
    path("<slug:slug>/delegations/<slug:delegation>/", delegations.one, name="delegation"),
    path("<slug:slug>/delegations/<slug:delegation>/seats/", delegations.quota, name="delegation_quota"),
    path("<slug:slug>/people/", people.people, name="people"),
    path("<slug:slug>/people/export.csv", people.export_csv, name="export_csv"),
    path("<slug:slug>/people/export.xlsx", people.export_xlsx, name="export_xlsx"),
    path("<slug:slug>/safeguarding/", safeguarding.children, name="safeguarding"),
    path("<slug:slug>/safeguarding/<str:reference>/", safeguarding.child, name="child"),
    path("<slug:slug>/safeguarding/<str:reference>/decide/", safeguarding.decide, name="child_decide"),
    path("<slug:slug>/safeguarding/<str:reference>/papers/<int:pk>/", safeguarding.paper, name="child_paper"),
]
