"""The page holds what axe checks of WCAG 2.1 A and AA, in both colour schemes."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

_AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async () => {
  for (const details of document.querySelectorAll('details')) details.open = true;
  const found = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
  return found.violations.map(one => `${one.id}: ${one.nodes.map(node => node.target).join(', ')}`);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, pages: dict[str, Path], scheme: Literal["light", "dark"]) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(pages["full"].as_uri())
    page.add_script_tag(path=_AXE)
    violations = page.evaluate(_RUN)
    context.close()
    assert violations == []
