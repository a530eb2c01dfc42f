"""Settings: one file, driven by the environment (see docs/deployment.md for each variable)."""

from email.utils import parseaddr
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Where everything that Palabre writes on disk goes: database, uploads, mail files.
VAR_DIR = Path(env.str("PALABRE_VAR", default=str(BASE_DIR / "var")))

# Demo mode prints one-time links and shows the mail box; it must never be on where real people vote.
DEMO = env.bool("PALABRE_DEMO", default=False)
DEBUG = env.bool("PALABRE_DEBUG", default=False)
TESTING = env.bool("PALABRE_TESTING", default=False)

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not (DEMO or DEBUG or TESTING):
        raise ImproperlyConfigured("Set SECRET_KEY to a long random string (docs/deployment.md).")
    SECRET_KEY = "demo-only-key-never-used-where-real-people-vote-0123456789abcdef"  # noqa: S105

SITE_URL = env.str("PALABRE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.forms",
    # Before ours, which takes one of its signals away (workflow/apps.py).
    "django_comments_xtd",
    "django_comments",
    # Before the libraries, so that our templates stand in for theirs.
    "workflow",
    "meetings",
    "recommendations",
    "channels",
    "django_tasks",
    "django_tasks_db",
    "django_countries",
    "django_htmx",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "workflow.engine.middleware.ReaderMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "workflow.engine.middleware.ProblemMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "workflow/templates"],  # before those of every library, wherever that stands in the list
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "workflow.engine.context.page",
            ],
            "builtins": ["workflow.engine.templatetags.palabre"],
        },
    }
]
FORM_RENDERER = "workflow.engine.forms.PalabreRenderer"

# -- data ---------------------------------------------------------------------------------------
DATABASES: dict[str, Any] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'palabre.sqlite3'}"),
}
DATABASE = DATABASES["default"]
if DATABASE["ENGINE"].endswith("sqlite3"):
    DATABASE["ENGINE"] = "config.sqlite3"  # whose writers stand in line
    # Immediate transactions take the write lock at BEGIN, so that two writers queue instead of failing.
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
    # A file and not memory: tests with real threads need one database seen by several connections.
    DATABASE["TEST"] = {"NAME": str(VAR_DIR / f"test-{env.str('PYTEST_XDIST_WORKER', 'main')}.sqlite3")}
else:
    DATABASE["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASE["CONN_HEALTH_CHECKS"] = True
    DATABASE["TEST"] = {"NAME": env.str("TEST_DATABASE_NAME", default="test_palabre")}
# Deadlines go by the database's clock, so that processes whose clocks differ agree; tests freeze their own.
DATABASE_CLOCK = not TESTING
VAR_DIR.mkdir(parents=True, exist_ok=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = VAR_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
UPLOAD_LIMIT = 10 * 1024 * 1024  # bytes, one file

# -- live updates and background work --------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
CHANNEL_LAYERS: dict[str, Any] = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CACHES: dict[str, Any] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if REDIS_URL:
    CHANNEL_LAYERS["default"] = {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # The layer waits in Redis for as long as nothing happens: the client's own five seconds would end every socket.
        # A line that comes back brings hundreds of pages in one moment: the client's own hundred would lose most.
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None, "max_connections": 2000}]},
    }
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# -- mail --------------------------------------------------------------------------------------------
MAIL_DIR = VAR_DIR / "mail"
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "workflow.engine.mailbox.FileMailbox"
EMAIL_TIMEOUT = 10  # seconds: a mail server that does not answer must not hold the worker for longer
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Palabre <no-reply@palabre.example>")
# Where calendars send their answers to invitations: a mail box that `read_replies` reads.
CALENDAR_ADDRESS = env.str("CALENDAR_ADDRESS", default=parseaddr(DEFAULT_FROM_EMAIL)[1])
CALENDAR_MAILBOX = env.str("CALENDAR_MAILBOX", default="")  # where read_replies finds it, its password included
# The name by which the server that receives those answers signs what it found out about each sender (RFC 8601). When it
# is set, an answer counts only if that server vouches for its From.
MAIL_AUTHENTICATED_BY = env.str("MAIL_AUTHENTICATED_BY", default="")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# -- people --------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "workflow.Person"
AUTHENTICATION_BACKENDS = ["workflow.groups.signing_in.WithSeats"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "workflow.groups.accounts.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "workflow.groups.accounts.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # seconds
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_FORMS = {
    "request_login_code": "workflow.groups.account_forms.AddressForm",
    "confirm_login_code": "workflow.groups.account_forms.CodeForm",
}
ACCOUNT_USER_DISPLAY = "workflow.groups.accounts.display"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
# A link and not a form: browsers hold a form's redirection to the ministry against `form-action` below.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if env.str("OIDC_ISSUER", default=""):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "ministry",
                "name": env.str("OIDC_NAME", default="OpenID Connect"),
                "client_id": env.str("OIDC_CLIENT_ID"),
                "secret": env.str("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": env.str("OIDC_ISSUER")},
            }
        ],
    }
MFA_ADAPTER = "workflow.groups.accounts.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Palabre"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True

# -- words and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = "config.formats"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("pt", _("Portuguese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
COUNTRIES_COMMON_NAMES = True
COUNTRIES_OVERRIDE = {"CD": _("DR Congo"), "CV": _("Cape Verde")}

# -- static files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING

# -- comments: the library's model under ours; its own addresses are not mounted, they know nothing of our access ------
SITE_ID = 1
COMMENTS_APP = "django_comments_xtd"
COMMENTS_XTD_MODEL = "workflow.comments.models.Remark"
COMMENTS_XTD_MAX_THREAD_LEVEL = 3
COMMENTS_XTD_CONFIRM_EMAIL = False

# -- API ---------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "workflow.groups.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["workflow.groups.tokens.SignedInWithScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "workflow.engine.api.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "workflow.engine.problems.as_problem",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env.str("API_RATE", default="600/min")},
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Palabre",
    "DESCRIPTION": "The workflow and collaboration engine for Technical Working Groups.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "TermsStateEnum": "workflow.groups.models.TermsState",
        "MilestoneStateEnum": "recommendations.milestones.models.MilestoneState",
        "HostingStateEnum": "recommendations.milestones.models.HostingState",
        "MilestoneKindEnum": "recommendations.milestones.models.MilestoneKind",
        "PlanStateEnum": "recommendations.dataplan.models.PlanState",
        "DataActionStateEnum": "recommendations.dataplan.models.DataActionState",
        "DataActionKindEnum": "recommendations.dataplan.models.ActionKind",
        "CommitmentStatusEnum": "recommendations.dataplan.models.CommitmentStatus",
        "OutputStateEnum": "recommendations.dataplan.models.OutputState",
        "RecommendationStateEnum": "recommendations.register.models.RecommendationState",
        "GroundEnum": "recommendations.register.models.Ground",
        "LevelEnum": "recommendations.register.models.Priority",  # and the severity of gaps: high, medium, low
        "ReportWayEnum": "recommendations.register.models.ReportWay",
        "RoundStateEnum": "workflow.comments.models.RoundState",
        "RemarkStateEnum": "workflow.comments.models.RemarkState",
        "RemarkKindEnum": "workflow.comments.models.RemarkKind",
        "RequestStateEnum": "workflow.datarequests.models.RequestState",
        "EntryStateEnum": "workflow.frameworks.models.EntryState",
        "FrameworkKindEnum": "workflow.frameworks.models.FrameworkKind",
        "EnclosureKindEnum": "workflow.writing.models.Enclosure.Kind",
        "BodyKindEnum": "workflow.groups.models.BodyKind",
        "ParentStatusEnum": "workflow.groups.models.ParentStatus",
        "DeliveryStatusEnum": "workflow.engine.models.OutboxRow.Status",
        "RoleEnum": "workflow.groups.models.Role",
        "ProjectRoleEnum": "workflow.groups.models.ProjectSeat.Role",
        "RevisionWayEnum": "workflow.writing.models.Revision.Way",
        "TakeOverWayEnum": ["replace", "append"],
        "MeetingStateEnum": "meetings.scheduling.models.MeetingState",
        "MeetingKindEnum": "meetings.scheduling.models.MeetingKind",
        "MinutesStateEnum": "meetings.minutes.models.MinutesState",
        "MeetingDecisionStateEnum": "meetings.minutes.models.DecisionState",
        "ParticipationStateEnum": "meetings.trainings.models.ParticipationState",
        "ActionItemStateEnum": "meetings.minutes.models.ActionState",
        "AttendanceWayEnum": "meetings.attendance.models.Way",
        "VoteWayEnum": "workflow.ballots.models.Way",
        "MeetingFormEnum": "meetings.scheduling.models.Form",
        "BallotFormEnum": "workflow.ballots.models.BallotForm",
        "ReplyEnum": "meetings.scheduling.models.Reply",
        "ComingEnum": ["accepted", "tentative", "declined", "delegated"],
        "BallotRuleEnum": "workflow.groups.models.BallotRule",
        "BallotStateEnum": "workflow.ballots.models.BallotState",
        "ThemeStateEnum": "workflow.ballots.models.ThemeState",
        "DataSourceStateEnum": "recommendations.inventory.choices.SourceState",
        "DataSourceKindEnum": "recommendations.inventory.choices.SourceKind",
        "DataGapStateEnum": "recommendations.inventory.choices.GapState",
        "PeriodicityEnum": "recommendations.inventory.choices.Periodicity",
        "QualityEnum": "recommendations.inventory.choices.Quality",
        "DataAccessEnum": "recommendations.inventory.choices.Access",
        "SurveyQuestionEnum": "recommendations.inventory.choices.Question",
        "ComparedByEnum": ["section", "kind", "question"],
        "HandoverStateEnum": "workflow.handover.models.HandoverState",
        "ChecklistKindEnum": "workflow.handover.models.ItemKind",
        "ChecklistStateEnum": "workflow.handover.models.ItemState",
        "CapacityNeedKindEnum": "workflow.handover.models.NeedKind",
        "CapacityNeedStateEnum": "workflow.handover.models.NeedState",
        "CapacityNeedSeverityEnum": "workflow.handover.models.Severity",
    },
}

# -- security ----------------------------------------------------------------------------------------
SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
if SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
