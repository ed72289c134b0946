"""Every letter test runs with both providers, unless it is about one of them."""

from __future__ import annotations

import pytest

from letters.model.job import ProviderName
from tests.letters.scenes import Scene, scene_of


@pytest.fixture(params=list(ProviderName))
def scene(request: pytest.FixtureRequest) -> Scene:
    return scene_of(request.param)
