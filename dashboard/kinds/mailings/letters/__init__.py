"""Letters: what a mailing says, kept for other mailings, in all versions."""
