"""gunicorn's settings: threads on SQLite, gevent on PostgreSQL, streams closed at a stop.

This module imports nothing of the desk: gevent has to come before whatever waits. The driver of
PostgreSQL, for one, learns when it is imported whether it may block the whole process.
"""

import importlib.util
import os
from typing import Any

wsgi_app = "make_celery:flask_app"
graceful_timeout = 3
timeout = 60
keepalive = 15
control_socket_disable = True
accesslog = None
limit_request_line = 8190  # The choices of an export stand in its address; no more can be allowed.

# As in the settings, nothing and an empty text are the default.
_database = os.environ.get("FLASK_SQLALCHEMY_DATABASE_URI") or "sqlite:"
_streams = int(os.environ.get("FLASK_LIVE_MAX_STREAMS") or 150)

# SQLite's locks would freeze every stream of a gevent process.
if _database.startswith("sqlite") or importlib.util.find_spec("gevent") is None:
    worker_class = "gthread"
    threads = int(os.environ.get("FLASK_WEB_THREADS") or 0) or _streams + 40
else:
    worker_class = "gevent"
    worker_connections = _streams + 1000


def post_worker_init(worker: Any) -> None:
    """Spare the collector what is loaded now, and let the hub see when this process is to stop.

    So its streams end at once.
    """
    from dashboard.collector import COLLECT_AFTER_IN_WEB, spare_collector

    spare_collector(COLLECT_AFTER_IN_WEB)
    worker.wsgi.extensions["hub"].alive = lambda: bool(worker.alive)


def worker_int(worker: Any) -> None:
    """End the streams when the process is interrupted."""
    worker.wsgi.extensions["hub"].close()
