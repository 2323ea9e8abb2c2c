"""How often Python's garbage collector looks for what nobody can reach any longer."""

import gc
from typing import Final

# Objects made and not yet gone before the collector looks for cycles; Python's own default is 700,
# less than one batch of rows or one page.
COLLECT_AFTER: Final = 50_000


def spare_collector() -> None:
    """Keep the garbage collector from looking at what is loaded, and from looking often.

    Pages of memory that it never touches stay shared after a fork; rows hold no cycles, and to
    look for some after every few hundred costs a tenth of an export.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
