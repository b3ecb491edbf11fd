"""How lists leave: the page that asks how, what a worker makes, and what comes again."""

from django.urls import path

from . import export_jobs, export_schedules, exporting

urlpatterns = [
    path("<slug:slug>/people/export/", exporting.export, name="export"),
    path("<slug:slug>/exports/", export_jobs.exports, name="exports"),
    path("<slug:slug>/exports/again/", export_schedules.export_schedule, name="export_schedule"),
    path("<slug:slug>/exports/again/<int:pk>/end/", export_schedules.export_schedule_end, name="export_schedule_end"),
    path("<slug:slug>/exports/<uuid:token>/", export_jobs.export_job, name="export_job"),
    path("<slug:slug>/exports/<uuid:token>/progress/", export_jobs.export_progress, name="export_progress"),
    path("<slug:slug>/exports/<uuid:token>/stop/", export_jobs.export_stop, name="export_stop"),
    path("<slug:slug>/exports/<uuid:token>/file/", export_jobs.export_file, name="export_file"),
]
