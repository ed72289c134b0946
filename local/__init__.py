"""The whole stack on a laptop: a local cloud, the real template deployed to it, sample members, one address."""
