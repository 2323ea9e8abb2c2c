"""Ways to do something, each run as a fresh process: python -m bench.ways.<way> JSON."""
