# Build: the locked packages and the collected static files. Of docopt, which GOV.UK Notify’s library
# names, there is no wheel.
FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements.txt .
RUN python -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: --no-binary docopt \
      --require-hashes -r requirements.txt
COPY . .
# The settings refuse to start without these; nothing of them stays in the image.
RUN SECRET_KEY=build SITE_URL=http://localhost DATABASE_URL=sqlite:///none \
    STATIC_ROOT=/app/staticfiles .venv/bin/python manage.py collectstatic --noinput \
 && .venv/bin/python -m compileall -q config publishing programme updates participation website

# Run: no compiler, no package manager's cache, no root.
FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin app \
 && install -d -o app -g app -m 700 /data
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/app/staticfiles \
    DATA_DIR=/data
USER app
VOLUME /data
EXPOSE 8000
# By the site's own name: any other Host is refused.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "\
import os, urllib.parse, urllib.request; \
name = urllib.parse.urlsplit(os.environ['SITE_URL']).hostname; \
urllib.request.urlopen(urllib.request.Request('http://127.0.0.1:8000/healthz', headers={'Host': name}), timeout=4)"]
# Number of workers: WEB_CONCURRENCY. Behind a front that buffers, always: docs/deploying.md.
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--threads", "8", "--timeout", "30", "--graceful-timeout", "20", "--keep-alive", "5", \
     "--max-requests", "5000", "--max-requests-jitter", "500", "--worker-tmp-dir", "/dev/shm", \
     "--no-control-socket"]
