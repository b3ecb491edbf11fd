"""What is looked at and printed before and at the meeting: the proof of the list, papers for the room."""

from django.urls import path

from . import handouts, proof

urlpatterns = [
    path("<slug:slug>/participants/proof/", proof.proof, name="proof"),
    path("<slug:slug>/participants/proof/right/", proof.proof_right, name="proof_right"),
    path("<slug:slug>/handouts/", handouts.handouts, name="handouts"),
    path("<slug:slug>/handouts/first-seat/", handouts.seat, name="seat"),
    path("<slug:slug>/handouts/statements/", handouts.statements, name="statements"),
    path("<slug:slug>/handouts/statements/<int:pk>/remove/", handouts.statement_remove, name="statement_remove"),
    path("<slug:slug>/handouts/<str:paper>", handouts.handout, name="handout"),
]
