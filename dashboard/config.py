"""Every setting, its unit and its default."""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from flask import Flask

from dashboard.words import LANGUAGES

ENVIRONMENT_PREFIX = "FLASK"
SHORTEST_SECRET = 16  # characters; a shorter one can be guessed
OWN_LISTS = "contacts"  # The source, among targets of imports, of the desk's own lists.


class Setting(NamedTuple):
    """A setting that an operator may give as the environment variable FLASK_<name>."""

    name: str
    default: Any
    help: str


SETTINGS = (
    Setting("SECRET_KEY", None, "Signs sessions; made and kept in the state folder when not set."),
    Setting("BRAND", "Bellhop", "The name at the top of every page and file."),
    Setting("PUBLIC_URL", None, "Where staff reach the desk; the base of links in e-mails."),
    Setting("TIME_ZONE", "UTC", "The time zone of new people (IANA name)."),
    Setting(
        "LOCALE",
        "en-GB",
        "The desk’s language, numbers and dates: a locale as en-GB or de-DE.",
    ),
    Setting(
        "SQLALCHEMY_DATABASE_URI", None, "The ledger; SQLite in the state folder when not set."
    ),
    Setting("REDIS_URL", "redis://127.0.0.1:6379/0", "Redis or Valkey: live facts and the broker."),
    Setting("SOURCES", {}, "Databases that staff read from, as JSON: name to URL."),
    Setting(
        "WRITING_SOURCES",
        {},
        "Sources that imports may write to, as JSON: name to a second, writing URL.",
    ),
    Setting("REPORTS_DIR", None, "A folder with report files of your own."),
    Setting("STORAGE_URL", None, "Where finished files lie: file:///folder."),
    Setting("MAIL_URL", "outbox:", "smtp://…, smtps://… or outbox: (kept, never sent)."),
    Setting("MAIL_SENDER", "bellhop@localhost", "The From address of e-mails."),
    Setting(
        "MAIL_RETURN_PATH",
        None,
        "The address to which undeliverable e-mails return; nothing: each one’s own sender.",
    ),
    Setting(
        "MAIL_BOUNCES_URL",
        None,
        "The mailbox in which bounces are read: imaps://user:password@host/INBOX or imap://….",
    ),
    Setting("MAIL_CONNECTIONS", 2, "Over how many connections a mailing is sent at once."),
    Setting(
        "MAIL_A_MINUTE", None, "How many e-mails of mailings may leave a minute; nothing: no limit."
    ),
    Setting(
        "MAIL_HOOK_SECRET",
        None,
        "When set, mail services may tell of bounces and complaints at /hooks/mail.",
    ),
    Setting(
        "MAIL_CONFIRM_ABOVE",
        500,
        "Above so many e-mails their number must be typed before they are sent.",
    ),
    Setting(
        "MAIL_APPROVE_ABOVE",
        None,
        "Above so many e-mails a second person must approve them; nothing: never.",
    ),
    Setting(
        "MAIL_DKIM_SELECTORS",
        None,
        "Names of the keys that sign your e-mails (DKIM), with commas; nothing: the usual ones.",
    ),
    Setting(
        "MAIL_DKIM_KEYS",
        None,
        "Keys with which the desk itself signs (DKIM): domain, selector, file; commas between.",
    ),
    Setting(
        "MAIL_DNS",
        None,
        "The name server that is asked about senders, as 127.0.0.1:5353; nothing: the machine’s.",
    ),
    Setting("KEEP_FILES_DAYS", 7, "How many days finished files are kept."),
    Setting("MAX_UPLOAD_MB", 200, "How large a file that somebody sends may be, in MB."),
    Setting("KEEP_UPLOADS_DAYS", 7, "How many days files that people sent are kept."),
    Setting(
        "KEEP_IMAGES_DAYS",
        30,
        "How many days imports can be undone: rows are kept as they were before, in days.",
    ),
    Setting("KEEP_JOBS_DAYS", 90, "How many days history reaches back, in days."),
    Setting("LEASE_SECONDS", 30, "How long a worker's claim on a job lasts unless renewed."),
    Setting("TICK_SECONDS", 2, "How often the scheduler looks at the ledger."),
    Setting("HINT_WAIT_MS", 250, "How many milliseconds a request waits for the broker at most."),
    Setting(
        "RETRY_BASE_SECONDS", 5, "The first pause before another attempt; it doubles each time."
    ),
    Setting("RETRY_MAX_SECONDS", 600, "The longest pause before another attempt."),
    Setting("MAX_ACTIVE_JOBS", 200, "How many unfinished jobs one person may have."),
    Setting("LIVE_MAX_STREAMS", 150, "How many live pages one web process serves at once."),
    Setting("PREVIEW_SECONDS", 5, "How long the first rows on a start form may take."),
    Setting("SIGN_IN_TRIES", 5, "Wrong passwords before a pause."),
    Setting("SIGN_IN_PAUSE_SECONDS", 60, "The first pause after wrong passwords; it doubles."),
    Setting("SESSION_COOKIE_SECURE", False, "Send the session cookie over HTTPS only."),
    Setting("PROXY_HOPS", 0, "How many reverse proxies stand in front and set X-Forwarded-*."),
    Setting("WEB_THREADS", 0, "Threads of a web process; 0 means 40 more than LIVE_MAX_STREAMS."),
    Setting("METRICS_TOKEN", None, "When set, /metrics asks for it as a bearer token."),
    Setting("CELERY", {}, "Celery's own settings in lower case: FLASK_CELERY__broker_url=…"),
)

# What the desk never lets an operator change by accident: the safety of its cookies and forms.
FIXED = {
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_NAME": "bellhop_session",
    "REMEMBER_COOKIE_NAME": "bellhop_remember",
    "REMEMBER_COOKIE_HTTPONLY": True,
    "REMEMBER_COOKIE_DURATION": timedelta(days=30),
    "REMEMBER_COOKIE_SAMESITE": "Lax",
    "WTF_CSRF_TIME_LIMIT": None,
    "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
}

# Celery as a hint-giver: nothing is stored but progress, nothing is acknowledged late, nothing
# blocks for long. The ledger's leases do what late acknowledgement would promise.
CELERY_DEFAULTS = {
    "imports": ["dashboard.jobs.task"],
    "task_ignore_result": True,
    "task_acks_late": False,
    "task_default_queue": "reports",
    "task_queues": {"reports": {}, "mail": {}},
    "task_create_missing_queues": True,
    "task_serializer": "json",
    "accept_content": ["json"],
    "result_serializer": "json",
    "result_expires": 3600,
    "result_backend_max_retries": 1,
    "enable_utc": True,
    "timezone": "UTC",
    "worker_prefetch_multiplier": 1,
    "worker_disable_prefetch": True,
    "worker_max_tasks_per_child": 500,
    "worker_soft_shutdown_timeout": 20.0,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "worker_hijack_root_logger": False,
    "worker_send_task_events": True,
    "task_send_sent_event": False,
    "beat_scheduler": "dashboard.jobs.scheduler:LedgerScheduler",
    "broker_connection_timeout": 2,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_transport_options": {
        "visibility_timeout": 86400,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "retry_on_timeout": False,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.2,
        "interval_max": 0.5,
    },
    # Celery's result backend, which a job tells of its progress: it may be late, never slow.
    "redis_socket_timeout": 1,
    "redis_socket_connect_timeout": 1,
    "task_publish_retry_policy": {
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.2,
        "interval_max": 0.5,
    },
    # A backstop only: each kind has limits of its own, kept by its worker.
    "task_time_limit": 6 * 3600,
}


class ConfigError(Exception):
    """A setting that cannot be used; the message is a plain sentence that names it."""


def configure(app: Flask, overrides: dict[str, Any]) -> None:
    """Fill *app*'s configuration from defaults, the environment and *overrides*, in that order.

    Raises ConfigError where a value cannot be used.
    """
    app.config.from_mapping({setting.name: _copy(setting.default) for setting in SETTINGS})
    app.config.from_prefixed_env(ENVIRONMENT_PREFIX)
    app.config.from_mapping(overrides)
    app.config.from_mapping(FIXED)
    state = Path(app.instance_path)
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    config = app.config
    config["REMEMBER_COOKIE_SECURE"] = config["SESSION_COOKIE_SECURE"]
    config["SECRET_KEY"] = str(config["SECRET_KEY"] or secret_key(state))
    config["SQLALCHEMY_DATABASE_URI"] = _database_url(config["SQLALCHEMY_DATABASE_URI"], state)
    config["STORAGE_URL"] = config["STORAGE_URL"] or f"file://{state / 'files'}"
    config["WEB_THREADS"] = config["WEB_THREADS"] or config["LIVE_MAX_STREAMS"] + 40
    config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(config)
    config["CELERY"] = celery_settings(config["CELERY"], config["REDIS_URL"])
    _check(app)


def celery_settings(given: dict[str, Any], redis_url: str) -> dict[str, Any]:
    """Give Celery's settings: *given* (any case) over ours; the broker is Redis unless named."""
    address = redis_url.replace("unix://", "redis+socket://", 1)
    settings = {**CELERY_DEFAULTS, "broker_url": address, "result_backend": address}
    settings.update({name.lower(): value for name, value in given.items()})
    return settings


def secret_key(state: Path) -> str:
    """Give the key kept in the folder *state*; make it first when there is none."""
    path = state / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    draft = state / f".secret_key.{os.getpid()}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(draft, path)  # The first of several processes wins; the others read its key.
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()


def _copy(default: Any) -> Any:
    return dict(default) if isinstance(default, dict) else default


def _database_url(given: str | None, state: Path) -> str:
    if not given:
        return f"sqlite:///{state / 'ledger.db'}"
    for plain in ("postgres://", "postgresql://"):
        if given.startswith(plain):
            return "postgresql+psycopg://" + given.removeprefix(plain)
    return given


def _engine_options(config: dict[str, Any]) -> dict[str, Any]:
    threads = config["WEB_THREADS"]
    if config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        # SQLite connections are cheap and each thread may hold one.
        return {"pool_size": threads, "max_overflow": 20, "connect_args": {"timeout": 5}}
    return {"pool_size": 10, "max_overflow": 20, "pool_timeout": 5, "pool_pre_ping": True}


def _check(app: Flask) -> None:
    if not isinstance(app.config["SOURCES"], dict):
        raise ConfigError('FLASK_SOURCES must be JSON like {"shop": "postgresql://…"}.')
    if not isinstance(app.config["WRITING_SOURCES"], dict):
        raise ConfigError('FLASK_WRITING_SOURCES must be JSON like {"shop": "postgresql://…"}.')
    for name in ("SOURCES", "WRITING_SOURCES"):
        if OWN_LISTS in app.config[name]:
            raise ConfigError(
                f"FLASK_{name} calls a source “{OWN_LISTS}”, which is what the desk’s own contact"
                " lists are called: give it another name."
            )
    secret = app.config["MAIL_HOOK_SECRET"]
    if secret and not (isinstance(secret, str) and len(secret) >= SHORTEST_SECRET):
        raise ConfigError(
            f"FLASK_MAIL_HOOK_SECRET must be text of at least {SHORTEST_SECRET} characters,"
            " such as “openssl rand -hex 32” prints."
        )
    try:
        ZoneInfo(app.config["TIME_ZONE"])
    except (ValueError, KeyError, OSError):
        zone = app.config["TIME_ZONE"]
        raise ConfigError(f"FLASK_TIME_ZONE is “{zone}”, which is no time zone name.") from None
    if not _is_spoken(app.config["LOCALE"]):
        locale = app.config["LOCALE"]
        raise ConfigError(
            f"FLASK_LOCALE is “{locale}”, which is no locale as en-GB is,"
            f" of a language that the desk speaks: {' or '.join(LANGUAGES)}."
        )
    for setting in SETTINGS:
        value = app.config[setting.name]
        number = isinstance(setting.default, int) and not isinstance(setting.default, bool)
        if number and (not isinstance(value, int | float) or value < 0):
            raise ConfigError(f"FLASK_{setting.name} must be a number, not “{value}”.")


def _is_spoken(tag: object) -> bool:
    try:
        locale = Locale.parse(str(tag), sep="-")
    except (ValueError, UnknownLocaleError):
        return False
    return bool(locale.territory) and locale.language in LANGUAGES
