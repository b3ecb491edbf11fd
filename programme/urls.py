from django.urls import path

from . import views

app_name = "programme"
urlpatterns = [path("<slug:slug>/programme/", views.detail, name="detail")]
