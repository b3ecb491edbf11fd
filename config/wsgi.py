import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# What has been loaded by now stays. Python would look through all of it, again and again, for things to throw away:
# a fifth of the time of a page.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
