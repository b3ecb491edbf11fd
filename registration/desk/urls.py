"""The desk's addresses, under /admin/desk/. DeskAdminSite includes them, so their names begin with `admin:desk:`."""

from django.urls import path

from . import answers, asking, delegations, inviting, lettering, people, safeguarding, setting_up, views

urlpatterns = [
    path("", views.start, name="start"),
    path("<slug:slug>/queue/", views.queue, name="queue"),
    path("<slug:slug>/queue/selected/", views.selected, name="selected"),
    path("<slug:slug>/queue/confirmed/", views.confirmed, name="confirmed"),
    path("<slug:slug>/registrations/<str:reference>/", views.registration, name="registration"),
    path("<slug:slug>/registrations/<str:reference>/decide/", views.decide, name="decide"),
    path("<slug:slug>/answers/<int:pk>/", answers.answer, name="answer"),
    path("<slug:slug>/letters/<int:pk>/", lettering.letter, name="letter"),
    path("<slug:slug>/letters/<int:pk>/names/", lettering.letter_names, name="letter_names"),
    path("<slug:slug>/letters/<int:pk>/pages/<int:page>/", lettering.letter_page, name="letter_page"),
    path("<slug:slug>/delegations/<slug:delegation>/letter-names/", lettering.letter_pairing, name="letter_pairing"),
    path("<slug:slug>/questions/", asking.standard_questions, name="standard_questions"),
    path("<slug:slug>/categories/", setting_up.categories, name="categories"),
    path("<slug:slug>/copy/", setting_up.copy, name="copy_meeting"),
    path("<slug:slug>/delegations/", delegations.delegations, name="delegations"),
    path("<slug:slug>/delegations/<slug:delegation>/", delegations.one, name="delegation"),
    path("<slug:slug>/delegations/<slug:delegation>/seats/", delegations.quota, name="delegation_quota"),
    path("<slug:slug>/invitations/", inviting.listing, name="invitations"),
    path("<slug:slug>/invitations/one/", inviting.one, name="invite"),
    path("<slug:slug>/invitations/many/", inviting.many, name="invite_many"),
    path("<slug:slug>/invitations/send/", inviting.send, name="invite_send"),
    path("<slug:slug>/invitations/<int:pk>/again/", inviting.again, name="invitation_again"),
    path("<slug:slug>/invitations/<int:pk>/withdraw/", inviting.withdraw, name="invitation_withdraw"),
    path("<slug:slug>/people/", people.people, name="people"),
    path("<slug:slug>/people/export.csv", people.export_csv, name="export_csv"),
    path("<slug:slug>/people/export.xlsx", people.export_xlsx, name="export_xlsx"),
    path("<slug:slug>/safeguarding/", safeguarding.children, name="safeguarding"),
    path("<slug:slug>/safeguarding/<str:reference>/", safeguarding.child, name="child"),
    path("<slug:slug>/safeguarding/<str:reference>/decide/", safeguarding.decide, name="child_decide"),
    path("<slug:slug>/safeguarding/<str:reference>/papers/<int:pk>/", safeguarding.paper, name="child_paper"),
]
