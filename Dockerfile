# Sophia in a container. compose.yaml starts the pages, the workers, PostgreSQL and a proxy from it.
FROM python:3.11-slim-bookworm

# pg_dump, pg_restore and psql, for manage.py backup and restore: of the same version as the server.
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home sophia

WORKDIR /srv/sophia
COPY requirements.lock ./
RUN python -m venv .venv \
    && .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

COPY . .
# The keys are of this step only: collecting files needs settings that start.
RUN env DEBUG=0 SOPHIA_SANDBOX=0 ALLOWED_HOSTS=localhost \
        SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
        FIELD_ENCRYPTION_KEY="$(python -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())')" \
        .venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir -p var/media backups \
    && chown -R sophia: var backups

USER sophia
VOLUME /srv/sophia/var
EXPOSE 8000
ENTRYPOINT [".venv/bin/python", "manage.py"]
CMD ["serve", "--host", "0.0.0.0"]
