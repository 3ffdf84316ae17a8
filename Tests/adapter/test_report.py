"""report.html: one file, whole, that runs nothing and fetches nothing, and says what the model learnt in words."""

from __future__ import annotations

import html
import os
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from testbed_adapter.compare.job import LR, ROWS, WIDE_DEEP, Comparison
from testbed_adapter.report import render, write_report
from testbed_adapter.report.embeddings import maps, project, rate_colour, topic_of
from testbed_adapter.report.names import name_ids
from testbed_adapter.report.svg import Chart, label, scatter, ticks
from testbed_adapter.report.weights import entries, heaviest
from Tests.adapter.small_comparison import EVIL, small_comparison

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
    return render(small_comparison())


def test_page_is_well_formed_and_stands_alone(page):
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    names = {tag for tag, _ in reader.tags}
    assert not names & {"script", "img", "link", "iframe", "object", "form", "a", "base"}
    for _, attributes in reader.tags:
        assert not {"src", "href", "srcset"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
    assert "url(" not in re.sub(r"url\(#\w+\)", "", page) and "@import" not in page
    assert page.startswith("<!doctype html>") and '<meta charset="utf-8">' in page


def test_text_of_the_log_is_escaped(page):
    assert "<script" not in page
    assert html.escape(EVIL) in page


def test_every_figure_is_there(page):
    for title in ("总表", "ROC", "精确率", "校准", "学习曲线", "位置", "权重", "嵌入地图"):
        assert re.search(f"<h2>[^<]*{title}", page), title
    for name in small_comparison().names.values():
        assert html.escape(name) in page
    assert len(re.findall("<svg", page)) == 2 + 2 + 1 + 3 + 3
    for drawing in re.findall("<svg.*?</svg>", page, re.S):
        root = ElementTree.fromstring(drawing)
        numbers = [value for node in root.iter() for value in node.attrib.values()]
        assert not any("nan" in value or "inf" in value for value in numbers if "aria" not in value)
        assert list(root.iter("circle")) or list(root.iter("polyline"))
    assert page.count("<small>±") == 10 * 4 + 7  # the oracle has no times
    # Each section says what to look for, in English and in Chinese.
    for note in re.findall('<p class="note">(.*?)</p>', page):
        english, chinese = note.split("<br>")
        assert len(english) > 40 and re.search("[\u4e00-\u9fff]{4}", chinese)


def test_same_comparison_same_page(page):
    def timeless(text: str) -> str:
        return re.sub("<footer>.*?</footer>", "", text)

    assert timeless(render(small_comparison())) == timeless(page)


def test_one_seed_has_no_standard_errors_and_a_log_without_truth_no_oracle():
    whole = small_comparison()
    run = replace(whole.run, log=replace(whole.run.log, probabilities=None), outcomes=whole.run.outcomes[:4])
    names = {key: name for key, name in whole.names.items() if key != ROWS[-1]}
    page = render(Comparison(run, whole.figures[:1], names, whole.environment, [0]))
    assert "±" not in page and "oracle" not in page and "Colours are click rates" in page


def test_models_that_tell_nothing_of_themselves():
    whole = small_comparison()
    outcomes = [replace(outcome, model=None, features=None) for outcome in whole.run.outcomes]
    page = render(replace(whole, run=replace(whole.run, outcomes=outcomes)))
    assert "ROC" in page and "嵌入地图" not in page and "学习曲线" not in page


def test_file_is_replaced_whole(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("the old one")
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda *paths: (_ for _ in ()).throw(OSError("no")))
        with pytest.raises(OSError, match="no"):
            write_report(small_comparison(), path)
    assert path.read_text() == "the old one" and os.listdir(tmp_path) == ["report.html"]
    assert write_report(small_comparison(), path) == path
    assert path.read_text(encoding="utf-8").startswith("<!doctype") and path.stat().st_mode & 0o444 == 0o444


# --- what the model learnt ---


@pytest.fixture(scope="module")
def learnt():
    run = small_comparison().run
    outcome = run.outcome(WIDE_DEEP)
    return run, outcome, outcome.model.model.tensors_(), name_ids(run.log.records, outcome.features)


def test_ids_are_named(learnt):
    run, outcome, tensors, names = learnt
    records = run.log.records
    queries = [names.queries[str(int(row[12]))] for row in outcome.features]
    documents = [names.documents[str(int(row[13]))] for row in outcome.features]
    assert [named.text for named in queries] == [record["query"] for record in records]
    assert [named.name for named in documents] == [record["doc_id"] for record in records]
    assert sum(named.shown for named in names.queries.values()) == len(records)
    assert sum(named.clicks for named in names.documents.values()) == sum(record["clicked"] for record in records)
    for record, row in zip(records[:50], outcome.features):
        words = [names.words[str(int(number))].name for number in row[20:36] if number]
        assert words[:1] == ["script"] and all(word in record["summary"] for word in words)
    # Every entry of the model's vocabularies has a name.
    for feature in ("query_id", "doc_id", "query_terms", "summary_terms"):
        found = entries(tensors, feature)
        assert found and all(entry in names.of(feature) for entry in found)


def test_heaviest_weights_are_the_models(learnt):
    _run, outcome, tensors, names = learnt
    model = outcome.model
    groups = heaviest(model.model.info_, tensors, names, model.scaler, model.feature_names, 5)
    weighed = {
        "numbers," if feature["kind"] == "numeric" else "words" if feature["kind"] == "multi" else "queries"
        for feature in model.model.info_["features"]
        if feature["part"] != "deep"
    }
    assert {group.title.split()[0] for group in groups} == weighed | {"query"} and groups[0].title.startswith("query ×")
    for group in groups:
        sizes = [abs(weight.weight) for weight in group.weights]
        assert 0 < len(sizes) <= 5 and sizes == sorted(sizes, reverse=True)
    flat = np.abs(tensors["wide.query_id×doc_id.weight"].ravel()[2:])
    assert abs(groups[0].weights[0].weight) == pytest.approx(flat.max())
    at = int(flat.argmax())
    query, document = tensors["cross.query_id×doc_id.members"][at] - 2
    assert groups[0].weights[0].detail == " × ".join(
        [
            names.queries[entries(tensors, "query_id")[query]].text,
            names.documents[entries(tensors, "doc_id")[document]].text,
        ]
    )


def test_bins_are_in_the_records_units(learnt):
    _run, outcome, tensors, names = learnt
    model = outcome.model
    groups = heaviest(model.model.info_, tensors, names, model.scaler, model.feature_names, 1000)
    assert groups[-1].title.startswith("numbers")
    positions = {one.label for one in groups[-1].weights if one.label.startswith("position ")}
    assert positions and positions <= {
        "position < 1", *(f"position = {i}" for i in range(1, 11)), *(f"position [{i}, {i + 1})" for i in range(1, 10)),
        "position ≥ 10",
    }  # fmt: skip


def test_maps(learnt):
    _, _, tensors, names = learnt
    for by_topic in (True, False):
        drawn = maps(tensors, names, by_topic)
        assert [title.split()[0] for title, _ in drawn] == ["documents", "queries", "words"]
        assert all(svg.count("<circle") == svg.count("<title>") > 10 for _, svg in drawn)
    assert maps({}, names, True) == []


def test_maps_of_a_model_that_knows_documents_by_id_or_by_word(learnt):
    """Whichever of them has embeddings."""
    _, _, tensors, names = learnt
    tensors = {name: value for name, value in tensors.items() if not name.startswith("deep.")}
    for features in (("doc_id", "query_id"), ("summary_terms", "query_terms")):
        for feature in features:
            rows = len(entries(tensors, feature)) + 2
            tensors[f"deep.{feature}.embedding"] = np.random.default_rng(rows).normal(size=(rows, 5))
        titles = [title for title, _ in maps(tensors, names, True)]
        by_words = features[0] == "summary_terms"
        assert [title.split()[0] for title in titles] == ["documents", "queries", "words"][: 3 if by_words else 2]
        assert sum("mean of words" in title for title in titles) == (2 if by_words else 0)
        for feature in features:
            del tensors[f"deep.{feature}.embedding"]


def test_topics_and_colours():
    assert topic_of("足球与冠军") == 0 and topic_of("火锅的烧烤、足球。") == 4 and topic_of("没有") is None
    assert rate_colour(0, 0, 1) == "#c6dbf7" and rate_colour(2, 0, 1) == "#0b3178" == rate_colour(1, 0, 1)
    assert re.fullmatch("#[0-9a-f]{6}", rate_colour(0.3, 0.3, 0.3))


@pytest.mark.parametrize("count", [3, 12, 60])
def test_projection(count):
    vectors = np.random.default_rng(0).normal(size=(count, 6))
    flat = project(vectors)
    assert flat.shape == (count, 2) and np.isfinite(flat).all()
    assert (project(vectors) == flat).all()
    assert (project(np.ones((count, 6))) == 0).all()


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


def test_lr_row_comes_first():
    assert next(iter(small_comparison().names)) == LR
