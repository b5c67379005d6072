"""Benchmarks: ratios measured in one run. `make bench` prints them; no test depends on them."""
