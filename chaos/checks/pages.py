"""What a person and a program see of a job is what the ledger says."""

import json
import queue
import re
import threading
import time
import uuid
from collections.abc import Iterator
from http.client import HTTPException

from chaos.account import Account
from chaos.history import History
from chaos.stage import Stage
from chaos.tab import Tab
from dashboard.jobs import Fact

STATE = re.compile(r'id="job-page-[^"]+" data-state="([^"]+)"')
WORD = re.compile(r'<span class="state"[^>]*>.*?<span>([^<]*)</span></span>', re.DOTALL)
AGAIN_SECONDS = 0.2


def check(stage: Stage, account: Account) -> Iterator[str]:
    """Look at every job by API and on its page."""
    tab = Tab(stage.desk)
    for job_id, fact in account.facts.items():
        yield from _alike(tab, job_id, fact)
    tab.close()


def _alike(tab: Tab, job_id: uuid.UUID, fact: Fact) -> Iterator[str]:
    told = json.loads(tab.job(job_id).text)
    if (told["state"], told["attempt"]) != (fact.state, fact.attempt):
        yield f"{fact.number} is {fact.state}; the API says {told['state']}."
    if sorted(file["id"] for file in told["files"]) != sorted(file.id for file in fact.files):
        yield f"{fact.number}: the API does not name its files."
    page = tab.page(job_id).text
    state, word = STATE.search(page), WORD.search(page)
    shown = (state[1] if state else None, word[1] if word else None)
    if shown != (fact.shown_state, fact.word):
        yield f"{fact.number} is {fact.shown_state} ({fact.word}); its page says {shown}."


class Looker(threading.Thread):
    """Looks at each job by API as soon as it has ended, while the desk is being broken."""

    def __init__(self, stage: Stage, history: History) -> None:
        super().__init__(name="looker", daemon=True)
        self.history = history
        self.looked = 0
        self._tab = Tab(stage.desk)
        self._ended: queue.Queue[tuple[uuid.UUID, str] | None] = queue.Queue()

    def ended(self, job_id: uuid.UUID, state: str) -> None:
        """Take in that the ledger has the job in a final *state* now."""
        self._ended.put((job_id, state))

    def stop(self) -> None:
        """End when all has been looked at."""
        self._ended.put(None)
        self.join()
        self._tab.close()

    def run(self) -> None:
        """Look until it is stopped; a web that does not answer is asked again."""
        while (ended := self._ended.get()) is not None:
            job_id, state = ended
            told = self._told(job_id)
            self.looked += 1
            if told != state:
                self.history.breaks(f"{job_id} was {state}, and the API said {told} after that.")

    def _told(self, job_id: uuid.UUID) -> str | None:
        """Give the state that the first good answer names."""
        for _ in range(300):
            try:
                answer = self._tab.job(job_id)
                if answer.status == 200:
                    found: str = json.loads(answer.text)["state"]
                    return found
            except (OSError, HTTPException):
                pass
            time.sleep(AGAIN_SECONDS)
        return None
