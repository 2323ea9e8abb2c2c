"""A person at the desk, with one kept connection as a browser has it."""

import json
import re
import secrets
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from bench.desk import Desk

CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
ANSWER_SECONDS = 30.0
LOOK_SECONDS = 0.05
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FINAL = frozenset({"succeeded", "failed", "cancelled"})


class Answer(NamedTuple):
    """An answer, and the seconds from the first byte sent to the last byte read."""

    status: int
    location: str
    cookies: tuple[str, ...]
    text: str
    seconds: float


class Staff:
    """Signs in, sends start forms, calls the API. One thread uses it at a time."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.cookie = ""
        self.csrf = ""
        self._connection = HTTPConnection(desk.host, desk.port, timeout=ANSWER_SECONDS)

    @classmethod
    def signed_in(cls, desk: Desk) -> Self:
        """Give the desk's person, who has filled in the sign-in form."""
        staff = cls(desk)
        staff.signs_in()
        return staff

    def signs_in(self) -> None:
        """Fill in the sign-in form."""
        self._look_for_token("/sign-in")
        desk = self.desk
        fields = {"email": desk.email, "password": desk.password, "csrf_token": self.csrf}
        answer = self.asks("POST", "/sign-in", urlencode(fields), FORM)
        assert answer.status == 302, answer

    def opens_form(self, kind: str) -> None:
        """Open the start form, as somebody does before pressing."""
        self._look_for_token(f"/new/{kind}")

    def presses(self, kind: str, **choices: Any) -> Answer:
        """Send the start form with a one-time token of its own, unless *choices* has one."""
        fields = {"csrf_token": self.csrf, "token": secrets.token_hex(16), **choices}
        return self.asks("POST", f"/new/{kind}", urlencode(fields, doseq=True), FORM)

    def calls(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, **more: str
    ) -> Answer:
        """Call the API with the person's token and *more* headers (_ for -)."""
        headers = {
            "Authorization": f"Bearer {self.desk.token}",
            "Content-Type": "application/json",
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        text = None if body is None else json.dumps(body)
        return self.asks(method, f"/api/v1{path}", text, headers)

    def ends(
        self, job_id: str, seconds: float = 120.0, look: float = LOOK_SECONDS
    ) -> dict[str, Any]:
        """Wait until the job has succeeded, looking each *look* seconds; gives it as the API does.

        To look costs the desk some work, which the job may miss.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            job: dict[str, Any] = json.loads(self.calls("GET", f"/jobs/{job_id}").text)
            if job["state"] in FINAL:
                assert job["state"] == "succeeded", job
                return job
            time.sleep(look)
        raise TimeoutError(f"The job {job_id} did not end within {seconds:.0f} s.")

    def asks(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        """Send one request and read the whole answer."""
        sent = {**headers, **({"Cookie": self.cookie} if self.cookie else {})}
        began = time.perf_counter()
        self._connection.request(method, path, body, sent)
        response = self._connection.getresponse()
        text = response.read().decode()
        seconds = time.perf_counter() - began
        cookies = tuple(value.split(";")[0] for value in response.headers.get_all("Set-Cookie", []))
        if cookies:
            known = dict(
                pair.split("=", 1) for pair in (*self.cookie.split("; "), *cookies) if pair
            )
            self.cookie = "; ".join(f"{name}={value}" for name, value in known.items())
        return Answer(response.status, response.headers.get("Location", ""), cookies, text, seconds)

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()

    def _look_for_token(self, path: str) -> None:
        page = self.asks("GET", path, None, {}).text
        found = CSRF.search(page)
        assert found is not None, f"{path} has no form."
        self.csrf = found[1]
