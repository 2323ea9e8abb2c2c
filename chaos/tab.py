"""One browser tab, or one program, of a person: it sends a thing once."""

import uuid
from collections.abc import Callable
from typing import Any

from bench.desk import Desk
from bench.staff import Answer, Staff
from chaos.orders import Order


class Tab:
    """Has a connection of its own; what breaks it is raised, and the next call makes a new one."""

    def __init__(self, desk: Desk) -> None:
        self._staff = Staff(desk)
        self._signed_in = False

    def press(self, order: Order) -> Answer:
        """Send the order, by the form or by the API."""
        return self._safely(lambda: self._by_form(order) if order.by_form else self._by_api(order))

    def cancel(self, job_id: uuid.UUID) -> Answer:
        """Ask for the cancel of a job."""
        return self._safely(lambda: self._staff.calls("POST", f"/jobs/{job_id}/cancel"))

    def job(self, job_id: uuid.UUID) -> Answer:
        """Ask the API for a job."""
        return self._safely(lambda: self._staff.calls("GET", f"/jobs/{job_id}"))

    def page(self, job_id: uuid.UUID) -> Answer:
        """Open the page of a job."""
        return self._safely(lambda: self._opened(f"/jobs/{job_id}"))

    def close(self) -> None:
        """Let the connection go."""
        self._staff.close()

    def _by_form(self, order: Order) -> Answer:
        self._sign_in()
        choices: dict[str, Any] = {**order.params, "formats": order.formats}
        if order.notify:
            choices["notify"] = "y"
        # Jobs without choices are all alike: who presses wants one all the same.
        token = {"token": order.key, "start_anyway": "1"}
        return self._staff.presses(order.kind, **token, **choices)

    def _by_api(self, order: Order) -> Answer:
        body = {"params": order.params, "formats": order.formats, "notify": order.notify}
        path = f"/jobs/{order.kind}"
        return self._staff.calls("POST", path, body, Idempotency_Key=order.key)

    def _opened(self, path: str) -> Answer:
        self._sign_in()
        return self._staff.asks("GET", path, None, {})

    def _sign_in(self) -> None:
        if not self._signed_in:
            self._staff.signs_in()
            self._staff.opens_form("counting")
            self._signed_in = True

    def _safely(self, send: Callable[[], Answer]) -> Answer:
        try:
            return send()
        except BaseException:
            self._staff.close()
            raise
