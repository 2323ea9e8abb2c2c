"""Records that are lists of tags, as in “v=DKIM1; p=…” (RFC 6376 section 3.2)."""


def tags_of(record: str) -> dict[str, str]:
    """Give the values by their names, in order; {} where *record* is no list of tags."""
    found: dict[str, str] = {}
    parts = [part for part in record.split(";") if part.strip()]
    for part in parts:
        name, equals, value = part.partition("=")
        if not equals or not name.strip() or name.strip() in found:
            return {}
        found[name.strip()] = value.strip()
    return found
