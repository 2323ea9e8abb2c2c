"""Storages keep the bytes of finished files."""

from dashboard.storage.aside import aside
from dashboard.storage.local import LocalStorage
from dashboard.storage.proof import BLOCK, Damaged, measure, prove, proven, proven_part
from dashboard.storage.protocol import Draft, Kept, Storage, StorageError, StorageFull, Stored

__all__ = [
    "BLOCK",
    "Damaged",
    "Draft",
    "Kept",
    "Storage",
    "StorageError",
    "StorageFull",
    "Stored",
    "aside",
    "from_url",
    "measure",
    "prove",
    "proven",
    "proven_part",
]


def from_url(url: str) -> Storage:
    """Give the storage that *url* names: file:///folder.

    Raises StorageError for a scheme that is not known.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "file" and rest.startswith("/"):
        return LocalStorage(rest)
    raise StorageError(f"FLASK_STORAGE_URL must look like file:///folder, not “{url}”.")
