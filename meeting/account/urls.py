"""Under /admin/account/, with names that begin with `admin:account:` (see config.admin)."""

from django.urls import path

from . import own, setting_password, signing_in

urlpatterns = [
    path("", own.overview, name="overview"),
    path("second/", signing_in.second, name="second"),
    path("passkey/", signing_in.passkey_sign_in, name="passkey_sign_in"),
    path("set-up/", own.set_up, name="set_up"),
    path("app/", own.app, name="app"),
    path("app/remove/", own.remove_app, name="remove_app"),
    path("passkeys/new/", own.passkey, name="passkey"),
    path("passkeys/<int:pk>/remove/", own.remove_passkey, name="remove_passkey"),
    path("passkeys/<int:pk>/rename/", own.rename_passkey, name="rename_passkey"),
    path("codes/", own.codes, name="codes"),
    path("sessions/<int:pk>/end/", own.end_session, name="end_session"),
    path("sessions/end-others/", own.end_others, name="end_others"),
    path("stay/", own.stay, name="stay"),
    path("confirm/", own.confirm, name="confirm"),
    path("password/", own.password, name="password"),
    path("set-password/<str:key>/", setting_password.set_password, name="set_password"),
]
