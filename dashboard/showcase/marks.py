"""What made-up jobs are known by."""

from typing import Final

# Every idempotency key of theirs begins so.
KEY: Final = "demo:"
WORKERS: Final = ("worker@desk-1", "worker@desk-2")
