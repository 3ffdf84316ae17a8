"""The READMEs' pictures of the report, docs/report.png and docs/report.zh.png, on a machine that does nothing else:

.venv/bin/python -m testbed_adapter compare --testbed TESTBED --seeds 5 --out OUT
.venv/bin/python -m Tests.browser.report_pictures OUT/report.html
"""

from __future__ import annotations

import sys
from pathlib import Path

from Tests.browser.driver import chromium

DOCS = Path(__file__).resolve().parents[2] / "docs"


def main(report: Path) -> None:
    with chromium() as browser:
        for language, name in (("en", "report.png"), ("zh", "report.zh.png")):
            page = browser.new_page(viewport={"width": 1240, "height": 900}, color_scheme="light")
            page.goto(f"file://{report.resolve()}#{language}")
            # Down to the second pair of drawings.
            bottom = page.evaluate("document.querySelectorAll('.pair')[1].getBoundingClientRect().bottom")
            clip = {"x": 0.0, "y": 0.0, "width": 1240.0, "height": float(round(bottom) - 6)}
            page.screenshot(path=DOCS / name, full_page=True, clip=clip)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
