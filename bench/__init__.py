"""Benchmarks, as ratios within one run: ``make bench``. Machines are noisy; what is compared runs side by side."""

import tools as tools  # noqa: PLC0414 - puts the layer and the functions on the path
