"""What keeps the desk from running, in one plain sentence."""


class Trouble(Exception):
    """The desk cannot run; the message is a plain sentence that says why and what to do."""
