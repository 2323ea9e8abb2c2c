"""A mailing tried out: as one of its recipients would get it, to the person who writes it."""
