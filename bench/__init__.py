"""Benchmarks, as ratios within one run: ``make bench``. Machines are noisy; what is compared runs side by side."""

# Puts the layer and the functions on the path.
import tools  # noqa: F401
