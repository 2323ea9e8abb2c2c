"""The extensions, unbound; each is bound to an app by its init_app."""

from contextlib import nullcontext
from typing import Any

from celery import Celery, Task
from flask import Flask, has_app_context
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from dashboard.channel import Channel

db = SQLAlchemy()
login_manager = LoginManager()
csrf = CSRFProtect()
sse = Channel("sse", __name__)


def celery_init_app(app: Flask) -> Celery:
    """Give *app* its Celery, whose tasks each run in an app context of their own."""

    class ContextTask(Task):  # type: ignore[misc]  # Celery is not typed.
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            with nullcontext() if has_app_context() else app.app_context():
                return self.run(*args, **kwargs)

    celery = Celery(app.import_name, task_cls=ContextTask)
    celery.config_from_object(app.config["CELERY"])
    celery.flask_app = app
    celery.set_default()
    app.extensions["celery"] = celery
    return celery
