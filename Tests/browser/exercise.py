"""Does the exercise as its page says: runs each of its commands as it stands there, works the testbed's page in
Chromium, and writes docs/exercise.md and docs/exercise.zh-CN.md with the figures and pictures that came of it.

python -m Tests.browser.exercise TEMPLATE [--home HOME] [--enter COMMAND] [--pinned] [--write]

HOME is where test_bed/ and ctr-models/ lie. With --enter each block of commands becomes the last argument of COMMAND,
which may run it elsewhere (in a chroot, say) with HOME as its home. It fails where a command does, where a figure is
missing, and where a command says nothing for longer than ten seconds.
"""

from __future__ import annotations

import argparse
import datetime
import fcntl
import json
import os
import pty
import re
import select
import shlex
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import Any, Optional

from playwright.sync_api import Locator, Page, expect

from testbed_adapter.messages import Message, compare
from testbed_adapter.messages import figures as measures
from Tests.browser.driver import ERROR, PATIENCE, chromium

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SILENCE = 10.0  # seconds
TRAIN = "🚀 开始离线训练"
LR, WIDE_DEEP = "逻辑回归 (LR)", "Wide & Deep"
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.M | re.S)
# What stands there for the testbed's own pins.
_PINNED = re.compile(r"(?<=\n\n)```\n(.*?PIP_CONSTRAINT.*?)^```$", re.M | re.S)
_URL = re.compile(r"http://127\.0\.0\.1:\d+/")


class Terminal:
    """A block of commands on a terminal of its own; says how long it was silent at most."""

    def __init__(self, command: list[str], home: Optional[Path]) -> None:
        self.printed = ""
        self.silence, self._before = 0.0, ""
        self._started = self._last = time.monotonic()
        self._terminal, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        environment = {**os.environ, "TERM": "xterm", **({} if home is None else {"HOME": str(home)})}
        folder = None if home is None else home / "ctr-models"
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
            # Who starts this in the background has Ctrl-C ignored; a terminal never has.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        os.close(inner)

    def read(self, until: Optional[re.Pattern[str]] = None) -> str:
        """What it prints, to its end or to the first match."""
        while until is None or not until.search(self.printed):
            ready, _, _ = select.select([self._terminal], [], [], 1)
            now = time.monotonic()
            if not ready:
                if now - self._last > PATIENCE:
                    raise AssertionError(f"silent for {PATIENCE} s:\n{self.printed[-2000:]}")
                continue
            try:
                said = os.read(self._terminal, 65536)
            except OSError:  # Linux, where the other side is closed
                said = b""
            if not said:
                break
            if now - self._last > self.silence:
                self.silence, self._before = now - self._last, self.printed[-200:]
            self._last = now
            self.printed += said.decode("utf-8", "replace")
            sys.stdout.write(said.decode("utf-8", "replace"))
            sys.stdout.flush()
        return self.printed

    def interrupt(self) -> None:
        os.killpg(self._process.pid, signal.SIGINT)

    def waited(self) -> str:
        return f"{self.silence:.0f} s of silence after {self._before!r}"

    def end(self) -> tuple[int, float]:
        """Exit code and seconds."""
        code = self._process.wait(60)
        os.close(self._terminal)
        return code, time.monotonic() - self._started


class Exercise:
    def __init__(self, home: Path, enter: list[str], shots: Path) -> None:
        self._home, self._enter, self._shots = home, enter, shots
        self.seconds = 0.0
        self.page: dict[str, Any] = {}

    def do(self, text: str, pinned: bool) -> None:
        for block in _BLOCK.findall(text):
            if pinned and block.startswith("make setup"):
                block = found(_PINNED, text)
            if block.startswith("git clone") and (self._home / "test_bed").exists():
                continue
            self._block(block)

    def _block(self, block: str) -> None:
        print(f"\n$ {block}", end="", flush=True)
        command = [*self._enter, f"cd ~/ctr-models && {block}"] if self._enter else ["bash", "-euc", block]
        terminal = Terminal(command, None if self._enter else self._home)
        if " page " in block:
            url = _URL.search(terminal.read(_URL))
            assert url, f"no page:\n{terminal.printed[-3000:]}"
            self._train_both(url[0])
            terminal.interrupt()
        terminal.read()
        code, seconds = terminal.end()
        self.seconds += seconds
        print(f"— exit code {code}, {seconds:.0f} s, silent for {terminal.silence:.1f} s at most", flush=True)
        assert code == 0 or (code == 130 and " page " in block), block  # the page is ended by Ctrl-C
        # While the page waits to be worked, it has nothing to say.
        assert " page " in block or terminal.silence < SILENCE, terminal.waited()

    def _train_both(self, url: str) -> None:
        with chromium() as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="zh-CN")
            page.route(lambda asked: not asked.startswith(url), lambda route: route.fulfill(body=""))
            page.goto(url)
            page.get_by_role("tab", name="🎯 CTR模型训练").click()
            for key, name in (("lr", LR), ("wide_deep", WIDE_DEEP)):
                started = time.monotonic()
                text = self._train(page, name, self._shots / f"page-{key.replace('_', '-')}.png")
                self.page[f"{key}_seconds"] = round(time.monotonic() - started)
                self.page[f"{key}_auc"] = found(r"AUC\s*:?\s*(0\.\d+)", text)
        assert self.page["wide_deep_auc"] > self.page["lr_auc"]

    def _train(self, page: Page, name: str, shot: Path) -> str:
        page.get_by_label("选择CTR模型").click()
        page.get_by_role("option", name=f"{name} - ").click()
        page.get_by_role("button", name=TRAIN).click()
        panel: Locator = page.get_by_role("tabpanel").filter(has=page.get_by_role("button", name=TRAIN)).last
        done = re.compile(rf"模型类型:\s*{re.escape(name)}\s*\n|{ERROR}")
        expect(panel).to_contain_text(done, timeout=1000 * PATIENCE)
        expect(panel.locator(".pending")).to_have_count(0)
        page.screenshot(path=shot, animations="disabled", full_page=True)
        text = panel.inner_text()
        assert not re.search(ERROR, text), text
        return text


def found(pattern: str | re.Pattern[str], text: str) -> str:
    match = re.search(pattern, text)
    assert match, f"no {pattern} in {text[-2000:]}"
    return match[1]


def figures(home: Path) -> dict[str, Any]:
    """What the templates name, from the files that the commands wrote."""
    constants = (*vars(compare).values(), *vars(measures).values())
    names = {one.en: one.zh for one in constants if isinstance(one, Message)}
    project = home / "ctr-models"
    demo, report = (json.loads((project / name / "results.json").read_text("utf-8")) for name in ("report", "hand-in"))
    rows = []
    for one in demo["models"]:
        name, mean = one["name"], one["mean"]
        texts = {key: f"{mean[key]:.4f}" if key in mean else "–" for key in ("auc", "log_loss", "calibration")}
        rows.append({"en": name, "zh": names.get(name, name), **texts})
    auc = {one["key"]: one["mean"]["auc"] for one in report["models"]}
    return {
        "demo": rows,
        "handin": {"auc_gain": f"{auc['wide_deep'] - auc['lr']:.4f}"},
        "date": datetime.date.today().isoformat(),
        "numpy": demo["environment"]["packages"]["numpy"],
    }


def picture(home: Path, shots: Path) -> None:
    """The report's first screen in each language."""
    path = home / "ctr-models" / "hand-in" / "hand-in.html"
    with chromium() as browser:
        for language in ("en", "zh"):
            page = browser.new_page(viewport={"width": 1100, "height": 1500}, locale=language)
            page.goto(f"file://{path}#{language}")
            page.screenshot(path=shots / f"hand-in.{language}.png", animations="disabled")


def written(template: Path, values: dict[str, Any]) -> str:
    import jinja2

    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False)
    return environment.from_string(template.read_text("utf-8")).render(values)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("template", type=Path)
    parser.add_argument("--home", type=Path, default=Path.home())
    parser.add_argument("--enter", type=shlex.split, default=[])
    parser.add_argument("--pinned", action="store_true", help="with the versions that the testbed asks for")
    parser.add_argument("--write", action="store_true", help="write the pages and pictures of docs/")
    given = parser.parse_args()
    shots = DOCS / "exercise" if given.write else given.home / "shots"
    shots.mkdir(parents=True, exist_ok=True)
    exercise = Exercise(given.home.resolve(), given.enter, shots)
    exercise.do(given.template.read_text("utf-8"), given.pinned)
    picture(given.home.resolve(), shots)
    values = {**figures(given.home), "page": exercise.page, "minutes": round(exercise.seconds / 60)}
    print(json.dumps(values, ensure_ascii=False, indent=2))
    if given.write:
        for template, name in (("en", "exercise.md"), ("zh-CN", "exercise.zh-CN.md")):
            (DOCS / name).write_text(written(DOCS / "exercise" / f"exercise.{template}.md.j2", values), "utf-8")


if __name__ == "__main__":
    main()
