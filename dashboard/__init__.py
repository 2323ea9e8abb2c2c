"""Bellhop: the staff desk. create_app puts its parts together."""

import logging
import os
from importlib import import_module
from pathlib import Path
from typing import Any

from click import Command, Context, get_current_context
from flask import Flask
from flask.cli import AppGroup, ScriptInfo
from werkzeug.middleware.proxy_fix import ProxyFix

from dashboard import kinds, logs, mail, sources, storage, web
from dashboard.config import ConfigError, configure
from dashboard.extensions import celery_init_app, csrf, db, login_manager
from dashboard.jobs import contacts, processes
from dashboard.jobs.contacts.target import ContactsTarget
from dashboard.mail.bounces import Account
from dashboard.mail.domain import resolver_at
from dashboard.mail.signing import signers_of
from dashboard.models import engine
from dashboard.sources import writing

ROOT = Path(__file__).resolve().parent
STATE_VARIABLE = "FLASK_INSTANCE_PATH"

logger = logging.getLogger(__name__)


class Commands(AppGroup):
    """The commands of the desk. Only whoever asks for one loads them, and with them Alembic."""

    app: Flask

    def load(self) -> None:
        """Make the commands known, once."""
        if not self.commands:
            import_module("dashboard.cli").init_app(self.app)

    def list_commands(self, ctx: Context) -> list[str]:
        """Give their names."""
        self.load()
        return super().list_commands(ctx)

    def get_command(self, ctx: Context, name: str) -> Command | None:
        """Give the command called *name*."""
        self.load()
        return super().get_command(ctx, name)


def create_app(**overrides: Any) -> Flask:
    """Give the desk, configured by the environment (FLASK_*) and then by *overrides*.

    The state folder is FLASK_INSTANCE_PATH (or the override INSTANCE_PATH), else instance/ beside
    the package. Raises ConfigError for a setting that cannot be used.
    """
    state = overrides.pop("INSTANCE_PATH", None) or os.environ.get(STATE_VARIABLE)
    state = Path(state).resolve() if state else ROOT.parent / "instance"
    app = Flask(
        __name__,
        instance_path=str(state),
        template_folder=beside("templates"),
        static_folder=beside("static"),
    )
    app.jinja_environment = web.PageEnvironment  # Extensions ask for jinja_env, which is made once.
    configure(app, overrides)
    logs.init_app(app)
    db.init_app(app)
    login_manager.init_app(app)
    csrf.init_app(app)
    celery_init_app(app)
    _connect_engines(app)
    app.extensions["families"] = kinds.FAMILIES
    processes.register(app)
    web.init_app(app)
    for bp in kinds.PAGES:
        app.register_blueprint(bp)
    app.cli = Commands(app.name)
    app.cli.app = app
    if (asked := get_current_context(silent=True)) and asked.find_object(ScriptInfo):
        app.cli.load()  # “flask db” is no command of the desk's own, but needs to know of it.
    if hops := app.config["PROXY_HOPS"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _connect_engines(app: Flask) -> None:
    """Bind the engines that need no connection yet: ledger, storage, mail, sources."""
    with app.app_context():
        ledger = db.engine
    engine.prepare(ledger)
    try:
        app.extensions["storage"] = storage.from_url(app.config["STORAGE_URL"])
        signers = app.extensions["signers"] = signers_of(app.config["MAIL_DKIM_KEYS"])
        sign = signers.signed if signers.keys else None
        outbox = Path(app.instance_path) / "outbox"
        app.extensions["mailer"] = mail.from_url(
            app.config["MAIL_URL"], sender=app.config["MAIL_SENDER"], folder=outbox, sign=sign
        )
        app.extensions["carrier"] = mail.carrier_from_url(
            app.config["MAIL_URL"], folder=outbox, sign=sign
        )
        if path := app.config["MAIL_RETURN_PATH"]:
            mail.check_return_path(path)
        url = app.config["MAIL_BOUNCES_URL"]
        app.extensions["bounces"] = Account.of(str(url)) if url else None
        server = app.config["MAIL_DNS"]
        app.extensions["resolver"] = resolver_at(str(server)) if server else None
        app.extensions["sources"] = {
            name: sources.from_url(name, url) for name, url in _sources(app).items()
        }
        app.extensions["targets"] = {
            name: writing.target_of(name, url)
            for name, url in app.config["WRITING_SOURCES"].items()
        }
        app.extensions["targets"][contacts.NAME] = ContactsTarget(ledger)
    except (storage.StorageError, mail.MailError, sources.SourceError) as error:
        raise ConfigError(str(error)) from error


def _sources(app: Flask) -> dict[str, str]:
    """Give the sources that are set, or the demo shop where none are and it has been made."""
    given: dict[str, str] = app.config["SOURCES"]
    shop = Path(app.instance_path) / "demo" / "shop.db"
    if not given and shop.exists():
        return {"shop": f"sqlite:///{shop}"}
    return given


def beside(folder: str) -> str:
    """Give *folder* at the top of a checkout, or inside the installed package."""
    top = ROOT.parent / folder
    return str(top if top.is_dir() else ROOT / folder)
