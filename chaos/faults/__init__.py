"""The faults: each breaks one thing of a real desk and gives what it did, or None for nothing."""

from collections.abc import Callable, Mapping

from chaos.faults import broker, ledger, web, workers
from chaos.history import Blow
from chaos.stage import Stage

# Takes the stage and a number from 0 to 1 that chooses among what can be broken.
Fault = Callable[[Stage, float], Blow | None]

FAULTS: Mapping[str, Fault] = {
    "child killed": workers.kill_child,
    "child frozen": workers.freeze_child,
    "worker killed": workers.kill_worker,
    "worker stopped": workers.stop_worker,
    "worker stopped, then killed": workers.stop_and_kill_worker,
    "scheduler killed": workers.kill_scheduler,
    "broker killed": broker.kill,
    "broker frozen": broker.freeze,
    "broker wiped": broker.wipe,
    "hints tripled": broker.triple_hints,
    "web worker killed": web.kill_worker,
    "web killed": web.kill_all,
    "ledger locked": ledger.lock,
}
