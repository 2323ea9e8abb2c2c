"""How the subject of an e-mail names a job."""

LIMIT = 200  # characters; mail programs show far fewer


def named(title: str) -> str:
    """Give *title* in one line; what is cut off is marked."""
    line = " ".join(title.split())
    return line if len(line) <= LIMIT else f"{line[: LIMIT - 1].rstrip()}…"
