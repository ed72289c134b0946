"""Benchmarks as ratios within one run, because machines are noisy: ``make bench``."""

# Puts the layer and the functions on the path.
import tools  # noqa: F401
