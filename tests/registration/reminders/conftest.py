from tests.registration.many.conftest import unannounced  # noqa: F401
