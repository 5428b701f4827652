"""Settings come from the environment, and from `.env` beside manage.py. `.env.example` explains each one.

A wrong value stops the start with one sentence. Development defaults never run with DEBUG=False.
"""

import sys
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from sophia import durations, jobs, logs
from sophia.environment import (
    command,
    duration,
    duration_list,
    env,
    fernet_keys,
    folder,
    is_typed,
    is_weak,
    like,
    secret,
    text,
    web_address,
    whole_number,
    words,
    yes_or_no,
)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"

env.read_env(BASE_DIR / ".env")

LONGEST_JOB = timedelta(seconds=60)
"""A background job that takes longer is stopped. Leases and watchdogs must outlast it."""

TESTING = "pytest" in sys.modules
DEBUG = yes_or_no("DEBUG")
SECRET_KEY = text("SECRET_KEY")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set. Run bin/setup, which writes a fresh one to .env.")
if not DEBUG and is_weak(SECRET_KEY):
    raise ImproperlyConfigured("SECRET_KEY is too weak for DEBUG=False: it needs 50 random characters or more.")
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")
FIELD_ENCRYPTION_KEY = fernet_keys()
if not DEBUG and is_typed(FIELD_ENCRYPTION_KEY[0]):
    raise ImproperlyConfigured(
        "FIELD_ENCRYPTION_KEY is a key for tests and never runs with DEBUG=False. Make one as docs/operating.md tells."
    )

SOPHIA_SANDBOX = yes_or_no("SOPHIA_SANDBOX")
if SOPHIA_SANDBOX and not DEBUG:
    raise ImproperlyConfigured("SOPHIA_SANDBOX=1 is a stand-in for Facebook and never runs with DEBUG=False.")

PORT = whole_number("PORT", 8000)
SOPHIA_PUBLIC_URL = web_address("SOPHIA_PUBLIC_URL", f"http://127.0.0.1:{PORT}")
SOPHIA_GRAPH_URL = web_address(
    "SOPHIA_GRAPH_URL", f"http://127.0.0.1:{PORT}/sandbox" if SOPHIA_SANDBOX else "https://graph.facebook.com"
)
SOPHIA_GRAPH_VERSION = like("SOPHIA_GRAPH_VERSION", "v26.0", r"v\d+\.\d+")
SOPHIA_APP_ID, SOPHIA_APP_SECRET = like("SOPHIA_APP_ID", "", r"\d*"), secret("SOPHIA_APP_SECRET", r"[!-{}~]*")
if bool(SOPHIA_APP_ID) != bool(SOPHIA_APP_SECRET):
    raise ImproperlyConfigured("SOPHIA_APP_ID and SOPHIA_APP_SECRET belong together: set both, or neither.")
SOPHIA_RETRY_BACKOFF = duration_list("SOPHIA_RETRY_BACKOFF", "2m,4m,8m")
SOPHIA_RECONCILE_AFTER = duration_list("SOPHIA_RECONCILE_AFTER", "30s,2m,5m,15m")
SOPHIA_REMOVE_AGAIN = duration_list("SOPHIA_REMOVE_AGAIN", "5s,30s,2m,10m")
SOPHIA_REMOVE_SLOWLY = duration_list("SOPHIA_REMOVE_SLOWLY", "15m,30m,1h")
SOPHIA_LOOK_AFTER = duration_list("SOPHIA_LOOK_AFTER", "1m,5m,15m,1h")
SOPHIA_LOOK_AFTER_GONE = duration_list("SOPHIA_LOOK_AFTER_GONE", "1h,1d,7d")
SOPHIA_WATCH_AFTER = duration_list("SOPHIA_WATCH_AFTER", "5m,1h,24h,7d")
SOPHIA_IDENTIFY_AFTER = duration_list("SOPHIA_IDENTIFY_AFTER", "1m,5m,1h,24h")
SOPHIA_STALE_AFTER = duration_list("SOPHIA_STALE_AFTER", "4h,24h")
for name, value, example in (
    ("SOPHIA_RECONCILE_AFTER", SOPHIA_RECONCILE_AFTER, "30s,2m,5m,15m"),
    ("SOPHIA_REMOVE_SLOWLY", SOPHIA_REMOVE_SLOWLY, "15m,30m,1h"),
    ("SOPHIA_LOOK_AFTER", SOPHIA_LOOK_AFTER, "1m,5m,15m,1h"),
    ("SOPHIA_LOOK_AFTER_GONE", SOPHIA_LOOK_AFTER_GONE, "1h,1d,7d"),
    ("SOPHIA_WATCH_AFTER", SOPHIA_WATCH_AFTER, "5m,1h,24h,7d"),
    ("SOPHIA_IDENTIFY_AFTER", SOPHIA_IDENTIFY_AFTER, "1m,5m,1h,24h"),
    ("SOPHIA_STALE_AFTER", SOPHIA_STALE_AFTER, "4h,24h"),
):
    if sorted(value) != value or not value[-1]:
        raise ImproperlyConfigured(f"{name} must grow from one to the next, such as {example}.")
SOPHIA_PREPARE_AHEAD = duration("SOPHIA_PREPARE_AHEAD", "2m")
SOPHIA_PREFLIGHT_AHEAD = duration_list("SOPHIA_PREFLIGHT_AHEAD", "24h,1h")
if sorted(SOPHIA_PREFLIGHT_AHEAD, reverse=True) != SOPHIA_PREFLIGHT_AHEAD:
    raise ImproperlyConfigured("SOPHIA_PREFLIGHT_AHEAD must shrink from one to the next, such as 24h,1h.")
SOPHIA_FACEBOOK_CALLS_PER_HOUR = whole_number("SOPHIA_FACEBOOK_CALLS_PER_HOUR", 200)
SOPHIA_INSTAGRAM_POSTS_PER_DAY = whole_number("SOPHIA_INSTAGRAM_POSTS_PER_DAY", 25)
SOPHIA_LEASE = duration("SOPHIA_LEASE", "90s")
SOPHIA_FROZEN_AFTER = duration("SOPHIA_FROZEN_AFTER", "75s")
for name, lasting in (("SOPHIA_LEASE", SOPHIA_LEASE), ("SOPHIA_FROZEN_AFTER", SOPHIA_FROZEN_AFTER)):
    if lasting <= LONGEST_JOB and not DEBUG:
        raise ImproperlyConfigured(f"{name} must be longer than the {durations.say(LONGEST_JOB)} that a job may take.")
SOPHIA_LATENESS_LIMIT = duration("SOPHIA_LATENESS_LIMIT", "30m")
SOPHIA_NOTICE_HOSTS = words("SOPHIA_NOTICE_HOSTS")
SOPHIA_NOTICE_BACKOFF = duration_list("SOPHIA_NOTICE_BACKOFF", "30s,2m,10m,30m,1h")
SOPHIA_API_REQUESTS_PER_MINUTE = whole_number("SOPHIA_API_REQUESTS_PER_MINUTE", 120)
SOPHIA_CHECK_LINKS = yes_or_no("SOPHIA_CHECK_LINKS", "1")
SOPHIA_KEEP_CALLS = duration("SOPHIA_KEEP_CALLS", "30d")
if timedelta(days=2) > SOPHIA_KEEP_CALLS:
    raise ImproperlyConfigured("SOPHIA_KEEP_CALLS must be 2d or longer: the limits of platforms are counted from them.")
SOPHIA_KEEP_NOTICES = duration("SOPHIA_KEEP_NOTICES", "365d")
SOPHIA_KEEP_JOBS = duration("SOPHIA_KEEP_JOBS", "30d")
SOPHIA_KEEP_EVENTS = duration("SOPHIA_KEEP_EVENTS", "24h")
SOPHIA_KEEP_VISITS = duration("SOPHIA_KEEP_VISITS", "90d")
SOPHIA_KEEP_LOOSE_IMAGES = duration("SOPHIA_KEEP_LOOSE_IMAGES", "24h")
if timedelta(hours=3) > SOPHIA_KEEP_LOOSE_IMAGES:
    raise ImproperlyConfigured("SOPHIA_KEEP_LOOSE_IMAGES must be 3h or longer: an import waits for two.")
SOPHIA_UPLOADS_PER_DAY = whole_number("SOPHIA_UPLOADS_PER_DAY", 2000)
SOPHIA_PLATFORMS = {
    "facebook": "publishing.platforms.facebook.Facebook",
    "instagram": "publishing.platforms.instagram.Instagram",
}

SOPHIA_PLATFORMS_THROUGH_MCP = {
    "facebook": "publishing.platforms.through_mcp.facebook.FacebookThroughMcp",
    "instagram": "publishing.platforms.through_mcp.instagram.InstagramThroughMcp",
}
SOPHIA_MCP = {"facebook": command("SOPHIA_MCP_FACEBOOK"), "instagram": command("SOPHIA_MCP_INSTAGRAM")}
SOPHIA_MCP_FOLDERS = {"facebook": folder("SOPHIA_MCP_FACEBOOK_DIR"), "instagram": folder("SOPHIA_MCP_INSTAGRAM_DIR")}

ALLOWED_HOSTS = words("ALLOWED_HOSTS") or (["127.0.0.1", "localhost", "[::1]"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
if not DEBUG and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is empty. With DEBUG=False it names the hosts that Sophia answers for.")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_q",
    "django_fsm",
    "django_eventstream",
    "encrypted_model_fields",
    "sophia",
    "sophia.notifications",
    "sophia.tokens",
    "sophia.signin",
    "publishing",
    "approval",
]
if SOPHIA_SANDBOX:
    INSTALLED_APPS.append("publishing.sandbox")

MIDDLEWARE = [
    "sophia.tracing.named_requests",
    "django.middleware.security.SecurityMiddleware",
    "sophia.compressing.Compressing",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "sophia.signin.middleware.Guard",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "sophia.urls"
ASGI_APPLICATION = "sophia.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sophia.context.desk",
            ]
        },
    }
]

# stack.md, section 3: the defaults of SQLite lose writes as soon as two processes write.
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-20000; "
        "PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=27103364;"
    ),
}
DATABASE_URL = text("DATABASE_URL", f"sqlite:///{VAR / 'sophia.sqlite3'}")
if not DATABASE_URL.startswith(("sqlite:///", "postgres://", "postgresql://")):
    raise ImproperlyConfigured("DATABASE_URL must look like postgres://user:password@host/name or sqlite:///path.")
try:
    DATABASES = {"default": env.db_url_config(DATABASE_URL)}
except ValueError:
    raise ImproperlyConfigured("DATABASE_URL must look like postgres://user:password@host/name.") from None
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE
    # From whatever folder a process is started, the file is the same.
    DATABASES["default"]["NAME"] = str(BASE_DIR / DATABASES["default"]["NAME"])
else:
    # Workers keep their connection (stack.md: 7 times quicker); the web gives it back after each request.
    DATABASES["default"]["CONN_MAX_AGE"] = int(like("CONN_MAX_AGE", "0", r"\d{1,6}"))
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SOPHIA_JOBS = jobs.DECLARED
SOPHIA_WORKERS = whole_number("SOPHIA_WORKERS", 32)
Q_CLUSTER = {
    "name": "sophia",
    "orm": "default",
    "broker_class": "sophia.broker.Queue",
    "label": "Background jobs",
    "workers": 2,
    "bulk": 1,
    "queue_limit": 1,
    "poll": 0.2,
    "timeout": int(LONGEST_JOB.total_seconds()),
    "retry": 240,
    "ack_failures": True,
    "max_attempts": 1,
    "catch_up": False,
    "save_limit": 250,
    "recycle": 500,
    # Each of the first two fires the rhythms that are its own: sophia/schedules.py.
    "ALT_CLUSTERS": {
        "publish": {"workers": SOPHIA_WORKERS},
        # A delete that hangs keeps one of them for up to a minute.
        "takedown": {"workers": 4, "scheduler": False},
        # A channel that hangs keeps one of them for up to 40 s.
        "notices": {"workers": 4, "scheduler": False},
    },
}

REDIS_URL = secret("REDIS_URL", r"(rediss?://\S+)?")
EVENTSTREAM_STORAGE_CLASS = "sophia.live.Storage"
EVENTSTREAM_CHANNELMANAGER_CLASS = "sophia.live.Channels"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
SOPHIA_REQUIRE_SECOND_FACTOR = like("SOPHIA_REQUIRE_SECOND_FACTOR", "", "(approvers|everybody)?")
SOPHIA_SESSION_IDLE = duration("SOPHIA_SESSION_IDLE", "12h")
SOPHIA_SESSION_AGE = duration("SOPHIA_SESSION_AGE", "7d")
if not timedelta(minutes=1) <= SOPHIA_SESSION_IDLE <= SOPHIA_SESSION_AGE:
    raise ImproperlyConfigured("SOPHIA_SESSION_IDLE must be at least 1m, and no longer than SOPHIA_SESSION_AGE.")
SOPHIA_CONFIRM_AFTER = duration("SOPHIA_CONFIRM_AFTER", "10m")
if timedelta(minutes=1) > SOPHIA_CONFIRM_AFTER:
    raise ImproperlyConfigured("SOPHIA_CONFIRM_AFTER must be at least 1m: what is confirmed must be carried out.")
SESSION_ENGINE = "sophia.signin.stored"
SESSION_COOKIE_AGE = int(SOPHIA_SESSION_AGE.total_seconds())
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# While developing, files are found where they are written; otherwise `collectstatic` gathers them once.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = BASE_DIR / text("SOPHIA_MEDIA", "var/media")
DATA_UPLOAD_MAX_MEMORY_SIZE = 40 * 1024 * 1024

# Scripts take the token from the page. Browsers keep a cookie called __Host- only over https, and for this host alone.
CSRF_COOKIE_HTTPONLY = True
if not DEBUG:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    # Asked from beside the web, behind the proxy: sophia/lifesign.py, compose.yaml.
    SECURE_REDIRECT_EXEMPT = ["^healthz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    # The other names of the domain are not ours to decide about.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SOPHIA_BEHIND_PROXY = yes_or_no("SOPHIA_BEHIND_PROXY")
if SOPHIA_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SOPHIA_PING_URL = secret("SOPHIA_PING_URL", r"(https?://[^\s?#/]+[^\s?#]*)?")
SOPHIA_DISK_LOW = whole_number("SOPHIA_DISK_LOW", 1000)
SOPHIA_METRICS_TOKEN = secret("SOPHIA_METRICS_TOKEN", r"([!-~]{20,})?")
SOPHIA_LOG_FORMAT = like("SOPHIA_LOG_FORMAT", "plain", "plain|json")
LOGGING = logs.configuration(SOPHIA_LOG_FORMAT, like("LOG_LEVEL", "WARNING", "DEBUG|INFO|WARNING|ERROR|CRITICAL"))
SENTRY_DSN = text("SENTRY_DSN")
if SENTRY_DSN:
    from sophia import sentry

    sentry.start(SENTRY_DSN)
