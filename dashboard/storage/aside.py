"""Waiting for a disk beside a thread that serves many."""

import sys
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def aside(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do *work* and give what it gives, in a real thread where greenlets share this one.

    A disk that is waited for would hold up all of them.
    """
    monkey = sys.modules.get("gevent.monkey")
    if monkey is None or not monkey.is_module_patched("threading"):
        return work(*args, **kwargs)
    hub: Any = sys.modules["gevent"].get_hub()
    done: R = hub.threadpool.apply(work, args, kwargs)
    return done
