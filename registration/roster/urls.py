"""A delegation's workspace, under /<meeting>/delegations/<reference>/."""

from django.urls import path

from ..focal import appointments
from . import (
    acts,
    bringing,
    children,
    editing,
    importing,
    in_place,
    lettering,
    list_check,
    order,
    papers,
    paste,
    submitting,
    views,
)

app_name = "roster"
urlpatterns = [
    path("<slug:slug>/delegations/<slug:delegation>/", views.workspace, name="workspace"),
    path("<slug:slug>/delegations/<slug:delegation>/cell/", in_place.cell, name="cell"),
    path("<slug:slug>/delegations/<slug:delegation>/add/", editing.add, name="add"),
    path("<slug:slug>/delegations/<slug:delegation>/paste/", paste.paste, name="paste"),
    path("<slug:slug>/delegations/<slug:delegation>/paste/undo/", paste.undo, name="undo_paste"),
    path("<slug:slug>/delegations/<slug:delegation>/import/", importing.upload, name="import"),
    path("<slug:slug>/delegations/<slug:delegation>/import/empty.xlsx", importing.template, name="import_template"),
    path("<slug:slug>/delegations/<slug:delegation>/import/<uuid:token>/", importing.job, name="import_job"),
    path(
        "<slug:slug>/delegations/<slug:delegation>/import/<uuid:token>/read/", importing.read_again, name="import_read"
    ),
    path(
        "<slug:slug>/delegations/<slug:delegation>/import/<uuid:token>/confirm/",
        importing.confirm,
        name="import_confirm",
    ),
    path("<slug:slug>/delegations/<slug:delegation>/import/<uuid:token>/stop/", importing.stop, name="import_stop"),
    path(
        "<slug:slug>/delegations/<slug:delegation>/import/<uuid:token>/what-to-do.xlsx",
        importing.annotated,
        name="import_annotated",
    ),
    path("<slug:slug>/delegations/<slug:delegation>/returning/", bringing.returning, name="returning"),
    path(
        "<slug:slug>/delegations/<slug:delegation>/returning/confirmed/",
        bringing.returning_confirmed,
        name="returning_confirmed",
    ),
    path("<slug:slug>/delegations/<slug:delegation>/order/", order.order, name="order"),
    path("<slug:slug>/delegations/<slug:delegation>/head/", order.head, name="head"),
    path("<slug:slug>/delegations/<slug:delegation>/submit/", submitting.submit, name="submit"),
    path("<slug:slug>/delegations/<slug:delegation>/rows/<slug:reference>/", editing.row, name="row"),
    path(
        "<slug:slug>/delegations/<slug:delegation>/rows/<slug:reference>/substitute/",
        editing.substitute,
        name="substitute",
    ),
    path("<slug:slug>/delegations/<slug:delegation>/rows/<slug:reference>/<slug:code>/", acts.act, name="act"),
    path("<slug:slug>/delegations/<slug:delegation>/list/", list_check.list_check, name="list_check"),
    path("<slug:slug>/delegations/<slug:delegation>/papers/", papers.papers, name="papers"),
    path(
        "<slug:slug>/delegations/<slug:delegation>/papers/<slug:reference>/<slug:kind>/<slug:language>/",
        papers.paper,
        name="paper",
    ),
    path("<slug:slug>/delegations/<slug:delegation>/people/", appointments.focal_points, name="focal_points"),
    path("<slug:slug>/delegations/<slug:delegation>/people/<int:pk>/end/", appointments.end, name="focal_point_end"),
    path(
        "<slug:slug>/delegations/<slug:delegation>/people/<int:pk>/hand-over/",
        appointments.hand_over,
        name="focal_point_hand_over",
    ),
    path("<slug:slug>/delegations/<slug:delegation>/children/", children.children, name="children"),
    path("<slug:slug>/delegations/<slug:delegation>/children/<slug:reference>/", children.child, name="child"),
    path(
        "<slug:slug>/delegations/<slug:delegation>/children/<slug:reference>/about/",
        children.child_about,
        name="child_about",
    ),
    path(
        "<slug:slug>/delegations/<slug:delegation>/children/<slug:reference>/papers/",
        children.child_paper,
        name="child_paper",
    ),
    path(
        "<slug:slug>/delegations/<slug:delegation>/children/<slug:reference>/move/",
        children.child_move,
        name="child_move",
    ),
    path("<slug:slug>/delegations/<slug:delegation>/letters/new/", lettering.letter_new, name="letter_new"),
    path("<slug:slug>/delegations/<slug:delegation>/letters/<int:pk>/", lettering.letter_edit, name="letter_edit"),
    path(
        "<slug:slug>/delegations/<slug:delegation>/letters/<int:pk>/names/", lettering.letter_names, name="letter_names"
    ),
    path("<slug:slug>/delegations/<slug:delegation>/letters/<int:pk>/file/", lettering.letter_file, name="letter_file"),
    path(
        "<slug:slug>/delegations/<slug:delegation>/letters/<int:pk>/pages/<int:page>/",
        lettering.letter_page,
        name="letter_page",
    ),
    path("<slug:slug>/delegations/<slug:delegation>/letters/pairing/", lettering.pairing, name="pairing"),
]
