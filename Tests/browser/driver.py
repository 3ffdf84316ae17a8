"""Works the testbed's training page in headless Chromium, as a person would.

A step presses something, waits until its result (or an error) stands on the page, and takes a screenshot.
"""

from __future__ import annotations

import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Optional

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

# What the page shows where something went wrong. A fairness report that finds large differences says so with ❌ too.
ERROR = r"❌(?!\s*(?:准确率|F1分数)差异)|失败|Traceback"
PATIENCE = 300.0  # seconds for one result, on a slow machine
MODEL = os.environ.get("CTR_MODEL") or "wide_deep"
IS_BESIDE = MODEL == "beside_lr"
# As the page has them, where ours stands.
SLOT_NAMES = {"wide_and_deep": "Wide & Deep"}
if not IS_BESIDE:
    SLOT_NAMES = {"logistic_regression": "Wide & Deep（代替逻辑回归）", **SLOT_NAMES}


class Server:
    """server.py in a process of its own, and what it prints, both streams."""

    def __init__(self, testbed: str, folder: Path) -> None:
        ours = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
        # No statistics sent, and no proxy between this machine and itself.
        ours.update(GRADIO_ANALYTICS_ENABLED="False", NO_PROXY="127.0.0.1,localhost", CTR_MODEL=MODEL)
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("server.py")), testbed],
            cwd=folder,
            env={**os.environ, **ours},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self._lines: queue.Queue[Optional[str]] = queue.Queue()
        self._passed: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()
        self.url = self._answer("URL ")
        self.printed()  # the testbed's words about what else it lacks are none of ours

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def _answer(self, start: str) -> str:
        while (line := self._lines.get(timeout=PATIENCE)) is not None:
            if line.startswith(start):
                return line[len(start) :].strip()
            self._passed.append(line)
        raise AssertionError("the testbed's page ended:\n" + self.printed()[-3000:])

    def switch(self, slot: str) -> None:
        """Makes a slot's model, as its file has it, the one that the page evaluates."""
        assert self._process.stdin is not None
        self._process.stdin.write(slot + "\n")
        self._process.stdin.flush()
        assert self._answer("SWITCHED ") == "True"

    def printed(self) -> str:
        """What it has printed since it was last asked."""
        lines, self._passed = self._passed, []
        while not self._lines.empty():
            lines.append(self._lines.get() or "")
        return "".join(lines)

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class TrainingPage:
    """The CTR tab of the page."""

    def __init__(self, page: Page, server: Server, folder: Path, shots: Path) -> None:
        self.server, self.folder = server, folder
        self._page, self._shots, self._count = page, shots, 0
        self._problems: list[str] = []
        page.on("pageerror", lambda error: self._problems.append(f"exception in the page: {error}"))
        page.on("console", self._console)
        # Fonts and the like from elsewhere, as empty files: the run asks nobody outside this machine.
        page.route(lambda url: not url.startswith(server.url), lambda route: route.fulfill(body=""))
        self.visit()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._problems.append(f"console: {message.text} ({message.location.get('url')})")

    def visit(self) -> None:
        """Loads the page anew: no result stands on it."""
        self._page.goto(self.server.url)
        self.open("🎯 CTR模型训练")

    def open(self, tab: str) -> None:
        self._page.get_by_role("tab", name=tab).click()

    def choose(self, label: str, option: str) -> None:
        self._page.get_by_label(label).click()
        self._page.get_by_role("option", name=option).click()

    def check(self, label: str, checked: bool = True) -> None:
        self._page.get_by_label(label, exact=True).set_checked(checked)

    def fill(self, label: str, value: int) -> None:
        box = self._page.get_by_label(f"number input for {label}").filter(visible=True)
        box.fill(str(value))
        box.press("Enter")

    def press(self, button: str, until: str, shot: str, whole: bool = False) -> str:
        """Presses a button; returns the text of the tab it is in, once `until` (a pattern) stands there."""
        self._page.get_by_role("button", name=button).click()
        return self.see(until, shot, button, whole)

    def see(self, until: str, shot: str, beside: str = "🚀 开始离线训练", whole: bool = False) -> str:
        """The same without pressing, in the innermost tab that has the button `beside`."""
        started = time.perf_counter()
        has = self._page.get_by_role("button", name=beside)
        panel: Locator = self._page.get_by_role("tabpanel").filter(has=has).last
        expect(panel).to_contain_text(re.compile(f"{until}|{ERROR}"), timeout=1000 * PATIENCE)
        expect(panel.locator(".pending")).to_have_count(0)  # greyed until gradio is done with it
        seconds = time.perf_counter() - started
        self._count += 1
        path = self._shots / f"{self._count:02d}-{shot}.png"
        if whole:
            self._page.screenshot(path=path, full_page=True, animations="disabled")
        else:
            panel.screenshot(path=path, animations="disabled")
        print(f"{seconds:6.1f} s  {path}")
        text = panel.inner_text()
        assert not re.findall(rf".*(?:{ERROR}).*", text), path
        assert re.search(until, text), f"{path} is without {until}: {text[-1500:]}"
        return text

    def check_nothing_went_wrong(self) -> None:
        assert not self._page.locator(".toast-body.error").all_inner_texts()
        assert self._problems == []
        printed = self.server.printed()
        # A warning names the file that it comes from.
        assert not re.search(r"Traceback|失败|❌|testbed_adapter", printed), printed[-3000:]


@contextmanager
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "no chromium on PATH: run make browser, or install Debian's package chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@contextmanager
def training_page(testbed: str, folder: Path, shots: Path) -> Iterator[TrainingPage]:
    server = Server(testbed, folder)
    try:
        with chromium() as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="zh-CN")
            yield TrainingPage(page, server, folder, shots)
    finally:
        server.stop()
