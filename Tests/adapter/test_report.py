"""report.html: one file, whole, that runs nothing and fetches nothing, and says what the model learnt in words."""

from __future__ import annotations

import base64
import hashlib
import html
import os
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from testbed_adapter.commands.compare.command import _write
from testbed_adapter.lab import report
from testbed_adapter.lab.compare.job import Comparison
from testbed_adapter.lab.compare.run import LR, ORACLE
from testbed_adapter.lab.report import render
from testbed_adapter.lab.report.inside import look_inside
from testbed_adapter.lab.report.svg import Chart, label, scatter, ticks
from testbed_adapter.lab.report.text import drawn, tip
from testbed_adapter.lab.report.text import html as shown
from testbed_adapter.messages import Message
from Tests.adapter.report_reader import drawings, said, section
from Tests.adapter.small_comparison import EVIL, small_comparison, small_inside

EMPTY = {"meta", "br", "img", "link", "input", "hr"}


class Reader(HTMLParser):
    """Checks that tags close in order, and gathers them with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page() -> str:
    return render(small_comparison(), small_inside())


def test_page_is_well_formed_and_stands_alone(page):
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    names = [tag for tag, _ in reader.tags]
    assert not set(names) & {"img", "link", "iframe", "object", "form", "a", "base"}
    for _, attributes in reader.tags:
        assert not {"src", "href", "srcset"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
    assert "url(" not in re.sub(r"url\(#\w+\)", "", page) and "@import" not in page
    assert page.startswith("<!doctype html>") and '<meta charset="utf-8">' in page


def test_its_own_script_alone_may_run(page):
    """And it may fetch nothing: a log's text that got through would still do nothing."""
    (script,) = re.findall("<script>(.*?)</script>", page, re.S)
    assert page.count("<script") == 1
    (policy,) = re.findall('http-equiv="Content-Security-Policy" content="(.*?)"', page)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


def test_text_of_the_log_is_escaped(page):
    assert html.escape(EVIL) in page and EVIL not in page


def test_switch_works_without_the_script(page):
    """Radio buttons before the page's body, and style: whichever is checked hides the other's texts."""
    reader = Reader()
    reader.feed(page)
    buttons = [attributes for tag, attributes in reader.tags if tag == "input"]
    assert [(one["id"], one["type"], "checked" in one) for one in buttons] == [
        ("in-en", "radio", True), ("in-zh", "radio", False),
    ]  # fmt: skip
    assert {one["name"] for one in buttons} == {"language"}
    assert [attributes["for"] for tag, attributes in reader.tags if tag == "label"] == ["in-zh", "in-en"]
    assert "#in-en:checked ~ main [lang=zh], #in-zh:checked ~ main [lang=en] { display: none; }" in page


def test_both_languages_say_it_all(page):
    """Wherever the one speaks, the other does; each in its own words and without the other's."""
    body = ElementTree.fromstring(re.search("<main>.*</main>", page, re.S)[0].replace("<br>", "<br/>"))
    count = 0
    for parent in body.iter():
        languages = [child.get("lang") for child in parent if child.get("lang")]
        assert languages == ["en", "zh"] * (len(languages) // 2), ElementTree.tostring(parent, "unicode")[:200]
        count += len(languages)
    assert count > 300
    for node in body.iter():
        if node.get("lang") == "en":  # but for what the log holds, which has the script in it
            assert not re.search("[\u4e00-\u9fff]", node.text or "") or "script" in node.text, node.text
    titles = [(said(node), said(node, "zh")) for node in body.iter("h2")]
    assert len(titles) == 12
    for english, chinese in titles:
        assert not re.search("[\u4e00-\u9fff]", english) and re.search("[\u4e00-\u9fff]", chinese)
    for note in body.iter("p"):
        if note.get("class") == "note":  # what to look for
            assert len(said(note)) > 40 and re.search("[\u4e00-\u9fff]{4}", said(note, "zh"))


def test_every_figure_is_there(page):
    for title, drawn_ in {
        "The table": 0, "ROC": 1, "Precision and recall": 1, "Calibration": 2, "Calibration by position": 1,
        "Cold start": 0, "Learning": 3, "Why this score": 0, "What the wide part knows": 0, "The other heavy": 0,
        "Nearest neighbours": 0, "The embedding map": 3,
    }.items():  # fmt: skip
        assert len(drawings(section(page, title))) == drawn_, title
    for drawing in drawings(page):
        numbers = [value for node in drawing.iter() for name, value in node.attrib.items() if name != "aria-label"]
        assert not any("nan" in value or "inf" in value for value in numbers)
        assert list(drawing.iter("circle")) or list(drawing.iter("polyline")) or list(drawing.iter("rect"))
    for name in map(Message.of, small_comparison().names.values()):
        assert html.escape(name.zh) in page and html.escape(name.en) in page
    assert page.count("<small>±") == 10 * 3 + 9 + 7 * 2  # the LR that is a stand-in, oracle and baseline have no times


def test_same_comparison_same_page(page):
    def timeless(text: str) -> str:
        return re.sub("<footer>.*?</footer>", "", text)

    assert timeless(render(small_comparison(), small_inside())) == timeless(page)


def test_one_seed_has_no_standard_errors_and_a_log_without_truth_no_oracle():
    whole = small_comparison()
    run = replace(whole.run, log=replace(whole.run.log, probabilities=None), outcomes=whole.run.outcomes[:4])
    names = {key: name for key, name in whole.names.items() if key != ORACLE}
    page = render(Comparison(run, whole.figures[:1], names, whole.environment, [0]), look_inside(run))
    assert "±" not in page and "oracle" not in page.split("<main>")[1] and "Colours are click rates" in page


def test_models_that_tell_nothing_of_themselves():
    whole = small_comparison()
    outcomes = [replace(outcome, model=None, features=None) for outcome in whole.run.outcomes]
    run = replace(whole.run, outcomes=outcomes)
    assert look_inside(run) is None
    page = render(replace(whole, run=run), None)
    assert "ROC" in page and "嵌入地图" not in page and "学习曲线" not in page and "为什么" not in page


def test_files_are_replaced_whole(tmp_path, monkeypatch):
    path, written = tmp_path / "report.html", []
    path.write_text("the old one")
    monkeypatch.setattr(report, "look_inside", lambda run: None)  # which takes seconds
    replace_file = os.replace

    def only_results(source, target):
        if str(target).endswith(".html"):
            raise OSError("no")
        replace_file(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", only_results)
        assert str(_write(small_comparison(), tmp_path, written)) == "no"
    assert path.read_text() == "the old one" and sorted(os.listdir(tmp_path)) == ["report.html", "results.json"]
    assert written == [tmp_path / "results.json"]
    assert _write(small_comparison(), tmp_path, written) is None
    assert path.read_text(encoding="utf-8").startswith("<!doctype") and path.stat().st_mode & 0o444 == 0o444


def test_what_may_be_wider_than_a_phone_scrolls_in_a_box_of_its_own(page):
    others = page.count('<table class="steps">')  # these fit
    assert others == 1 and page.count("<table") > 4
    assert page.count("<table") - others == len(re.findall('<div class="wide" tabindex="0"><table', page))
    assert ".wide { overflow-x: auto;" in page and 'content="width=device-width, initial-scale=1"' in page
    drawn_wide = re.findall('(.{30})<svg class="broad"', page)
    assert all(before.endswith('<div class="wide" tabindex="0">') for before in drawn_wide)


def test_colours_follow_the_readers_scheme(page):
    """Those of the maps' points alone are the same by day and night; every other one is named, and has both."""
    style, body = re.search("<style>(.*?)</style>", page, re.S)[1], page.split("<main>")[1]
    schemes = (":root { color-scheme: light dark;", r"@media screen and \(prefers-color-scheme: dark\) { :root {")
    schemes = (":root { color-scheme: light dark;", r"@media screen and \(prefers-color-scheme: dark\) { :root {")
    day, night = (set(re.findall(r"(--\w+):", re.search(scheme + "(.*?)}", style, re.S)[1])) for scheme in schemes)
    assert day == night and len(day) > 10
    assert set(re.findall(r"var\((--\w+)\)", page)) <= day
    for section_ in re.findall("<section>.*?</section>", body, re.S):
        assert "The embedding map" in section_ or not re.search('(fill|stroke|background|color)[=:]"?#', section_)


# --- drawing ---


def test_ticks_and_labels():
    assert ticks(0, 1) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert ticks(0.431, 0.4879) == pytest.approx([0.44, 0.46, 0.48])
    assert ticks(0, 830) == pytest.approx([0, 200, 400, 600, 800])
    assert ticks(3, 3) == [3] and ticks(float("nan"), 1)
    assert [label(*pair) for pair in ((0.2, 0.2), (200, 200), (0.44, 0.02), (0, 0.5))] == ["0.2", "200", "0.44", "0.0"]


def test_chart_leaves_out_what_is_no_number_and_escapes():
    chart = Chart((0, 1), (0, 1), "<x>", "y & z")
    chart.line([(0, 0), (float("nan"), 1), (1, float("inf")), (1, 1)], "#000", title="<b>")
    chart.dot(float("nan"), 0.5, "#000")
    root = ElementTree.fromstring(chart.render('"quoted" <description>'))
    (line,) = root.iter("polyline")
    assert len(line.attrib["points"].split()) == 2 and line[0].text == "<b>"
    assert not list(root.iter("circle"))
    assert root.attrib["aria-label"] == '"quoted" <description>'


def test_scatter_of_points_in_one_place():
    root = ElementTree.fromstring(scatter([(1.0, 2.0)] * 3, ["#000"] * 3, ["a", "b", "<c>"], "map"))
    assert [node[0].text for node in root.iter("circle")] == ["a", "b", "<c>"]


def test_texts_in_both_languages():
    pair = Message("clicks", "点击") + ": " + Message("<many>", "<多>")
    assert pair == Message("clicks: <many>", "点击: <多>") and "x " + Message("a", "b") == Message("x a", "x b")
    assert shown(pair) == '<span lang="en">clicks: &lt;many&gt;</span><span lang="zh">点击: &lt;多&gt;</span>'
    assert shown("<data>") == "&lt;data&gt;" == shown(Message("<data>", "<data>"))
    assert drawn('x="1"', pair).count("<text") == 2 and drawn('x="1"', "7") == '<text x="1">7</text>'
    assert tip(pair) == "clicks: <many>\n点击: <多>" and tip("7") == "7"
    assert Message.of(pair) is pair and Message.of("模型") == Message("模型", "模型")


def test_lr_row_comes_first():
    assert next(iter(small_comparison().names)) == LR
