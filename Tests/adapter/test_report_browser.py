"""report.html in Chromium, where there is one: nothing lies beside the page on a phone, both schemes can be read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from testbed_adapter.lab.report import render
from Tests.adapter.small_comparison import small_comparison, small_inside

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH")

# What lies beside the page: of what is cut off or scrolls, the box that does it.
OUTSIDE = """() => [...document.querySelectorAll("main *")].filter(node => {
  let box = node;
  while (box && getComputedStyle(box).overflowX === "visible") box = box.parentElement;
  const across = (box && box.closest("main") ? box : node).getBoundingClientRect();
  return across.width && (across.right > innerWidth + 1 || across.left < -1);
}).map(node => `${node.tagName}.${node.getAttribute("class")}: ${node.textContent.slice(0, 40)}`)"""

# The least contrast of a text with what is behind it (WCAG 2), and whose it is.
CONTRAST = """() => {
  const parsed = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => parsed(colour).slice(0, 3).map(c => c / 255)
    .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = node => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (parsed(colour)[3] !== 0) return light(colour);
    }
  };
  let worst = [21, ""];
  for (const node of document.querySelectorAll("main *, nav label")) {
    const says = [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim());
    if (!says || !node.getClientRects().length || node.tagName === "title") continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(node.tagName === "text" ? style.fill : style.color), behind(node)].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < worst[0]) worst = [contrast, node.outerHTML.slice(0, 80)];
  }
  return worst;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(small_comparison(), small_inside()), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_lies_beside_the_page(browser, address, width, language):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{address}#{language}")
    widths = page.evaluate("[document.documentElement.scrollWidth, document.body.scrollWidth]")
    assert max(widths) <= width and page.evaluate(OUTSIDE) == []
    steps = page.locator(".fall .steps .step")
    for step in (steps.nth(-2), steps.nth(-1)):  # the deep part and the sum: bar and figure
        for part in ("u", ".figure"):
            box = step.locator(part).bounding_box()
            assert box["width"] >= 2 and box["height"] > 8 and box["x"] >= 0 and box["x"] + box["width"] <= width
    assert "%" in page.locator(".fall .result").inner_text()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_schemes_can_be_read(browser, address, scheme):
    page = browser.new_page(color_scheme=scheme)
    page.goto(address)
    contrast, whose = page.evaluate(CONTRAST)
    assert contrast >= 4.5, (contrast, whose)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 27)"
    assert dark == (scheme == "dark")
    page.close()
