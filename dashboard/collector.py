"""How often Python's garbage collector looks for what nobody can reach any longer."""

import gc
from typing import Final

# Objects made and not yet gone before the collector looks for cycles. Python's own default is 700,
# less than one batch of rows; a web process keeps what it has of many people, so it looks sooner.
COLLECT_AFTER: Final = 50_000
COLLECT_AFTER_IN_WEB: Final = 5_000


def spare_collector(after: int = COLLECT_AFTER) -> None:
    """Keep the garbage collector from looking at what is loaded, and from looking often.

    Pages of memory that it never touches stay shared after a fork; rows hold no cycles, and to
    look for some after every few hundred costs a tenth of an export. It looks *after* so many
    objects were made and have not gone.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(after)
