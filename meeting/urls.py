from django.urls import path

from . import views

app_name = "meeting"
urlpatterns = [
    path("", views.meeting_list, name="list"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/documents/", views.documents, name="documents"),
    path("<slug:slug>/documents/<int:pk>/", views.document, name="document"),
    path("<slug:slug>/practical/", views.practical, name="practical"),
    path("<slug:slug>/privacy/", views.privacy, name="privacy"),
    path("<slug:slug>/concern/", views.concern, name="concern"),
    path("<slug:slug>/my-page/", views.my_page, name="my_page"),
]
