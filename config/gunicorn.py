"""How the web process of a production installation runs; WEB_CONCURRENCY says with how many workers."""

from django.core.exceptions import ImproperlyConfigured

from config import logs

bind = "0.0.0.0:8000"  # inside its container
worker_tmp_dir = "/dev/shm"  # noqa: S108  # a heartbeat must never wait for a disk
timeout = 60
graceful_timeout = 30
max_requests, max_requests_jitter = 5000, 500
preload_app = True  # workers share its memory, and a wrong setting stops the start at once
control_socket_disable = True
accesslog = None  # our request line tells more, and tells no address
logconfig_dict = logs.logging_config(debug=False)

try:
    from config import settings  # noqa: F401
except ImproperlyConfigured as wrong:
    raise SystemExit(str(wrong)) from None
