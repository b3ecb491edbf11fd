from django.urls import path

from . import views
from .bounces.webhook import webhook
from .issuing import public
from .versions import pages as list_pages

app_name = "registration"
urlpatterns = [
    path("hooks/mail/<slug:provider>/", webhook, name="webhook"),
    path("verify/", public.ask, name="verify_any"),
    path("verify/<str:code>/", public.verify, name="verify"),
    path("<slug:slug>/participants/", list_pages.participants, name="participants"),
    path("<slug:slug>/participants/<slug:language>/", list_pages.participants, name="participants_in"),
    path("<slug:slug>/participants/<slug:language>.<slug:suffix>", list_pages.document, name="participants_file"),
    path("<slug:slug>/register/", views.represent, name="represent"),
    path("<slug:slug>/register/entities/", views.find_entity, name="entities"),
    path("<slug:slug>/register/form/<slug:code>/", views.about_you, name="form"),
    path("<slug:slug>/register/change/<slug:key>/", views.change, name="change"),
    path("<slug:slug>/register/check/<slug:key>/", views.check, name="check"),
]
