from tests.registration.mail.conftest import _fresh_lines, sink  # noqa: F401
from tests.registration.many.conftest import broker, unannounced  # noqa: F401
