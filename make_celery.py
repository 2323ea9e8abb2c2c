"""The worker's way in: celery -A make_celery worker, celery -A make_celery beat."""

from dashboard import create_app

flask_app = create_app()
celery_app = flask_app.extensions["celery"]
