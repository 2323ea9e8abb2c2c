# One image for web, worker and beat; compose.yaml shows how they go together.

FROM python:3.13-slim AS packages
COPY requirements-scale.lock /tmp/
RUN python -m venv /opt/bellhop \
    && /opt/bellhop/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes -r /tmp/requirements-scale.lock

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home --home-dir /state --shell /usr/sbin/nologin bellhop \
    && chmod 0700 /state
COPY --from=packages /opt/bellhop /opt/bellhop
COPY . /app
ENV PATH=/opt/bellhop/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    FLASK_APP=dashboard \
    FLASK_INSTANCE_PATH=/state
# The user may not write the code, so its bytecode is made here.
RUN python -m compileall -q /app
WORKDIR /app
USER bellhop
VOLUME /state
EXPOSE 8000
CMD ["gunicorn", "-c", "python:make_web", "--bind", "0.0.0.0:8000", \
     "--graceful-timeout", "3", "--no-control-socket", "make_celery:flask_app"]
