"""What is looked at and printed before and at the meeting: the proof of the list."""

from django.urls import path

from . import proof

urlpatterns = [
    path("<slug:slug>/participants/proof/", proof.proof, name="proof"),
    path("<slug:slug>/participants/proof/right/", proof.proof_right, name="proof_right"),
]
