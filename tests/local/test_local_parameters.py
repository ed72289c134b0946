"""``make run`` shows the name, the telephone number and the colour of the brand, not those of the example."""

from __future__ import annotations

from dataclasses import replace

from local.deployment import written
from local.portal_site import SiteSources
from local.stack import own_parameters
from simulators.template import ROOT, project_template
from tools.deployment.environments import overrides

BRAND = SiteSources.of_clone(ROOT, ROOT / "docs/brands/lierre").brand


def test_the_example_says_what_the_template_says() -> None:
    example = own_parameters(SiteSources.of_clone(ROOT, None).brand)
    defaults = project_template().parameter_defaults()

    assert example == {name: defaults[name] for name in example}


def test_a_local_stack_takes_the_parameters_and_the_accent_of_its_brand() -> None:
    parameters = own_parameters(BRAND)

    assert parameters["InsurerName"] == "Prévoyance du Lierre"
    assert parameters["BrandAccent"] == "#1f5c2e"


def test_an_accent_that_white_paper_cannot_show_is_left_to_the_parameter() -> None:
    assert "BrandAccent" not in own_parameters(replace(BRAND, accent="#ffd400"))


def test_sam_reads_what_a_brand_says_for_a_laptop() -> None:
    parameters = own_parameters(BRAND)

    assert overrides(written(parameters)) == parameters
