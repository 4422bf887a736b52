# Of a named Debian: its pg_dump must be at least as new as the server in docker-compose.yml.
FROM python:3.12-slim-trixie

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    # The packages are in the image; manage.py need not look for an environment of its own.
    PARTNERCRM_ENVIRONMENT=system

# pg_dump, pg_restore and psql (17) for `manage.py backup` and `restore`.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --system --uid 10001 --create-home --home-dir /home/partnercrm partnercrm
WORKDIR /app

COPY requirements/app.txt requirements/app.txt
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/app.txt

COPY . .
# The keys of this step protect nothing and stay in no layer: they live as long as the command.
RUN mkdir -p var/state && chown -R partnercrm var
USER partnercrm
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" \
    BORROWER_KEYS="$(python -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())')" \
    AUDIT_KEYS="$(python -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())')" \
    DATABASE_URL=postgres://build/build REDIS_URL=redis://build \
    python manage.py collectstatic --no-input

EXPOSE 8000
CMD ["python", "-m", "gunicorn", "partnercrm.wsgi:application", "--bind", "0.0.0.0:8000", "--threads", "8", "--no-control-socket"]
