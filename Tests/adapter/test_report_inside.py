"""What the report tells of the trained model itself: its weights, its embeddings, its neighbours."""

from __future__ import annotations

import html
import math
import re
from dataclasses import replace

import numpy as np
import pytest

from testbed_adapter.host.ctr_model import CTRModel
from testbed_adapter.host.words import words_of
from testbed_adapter.lab.report.crosses import crosses, heaviest_crosses
from testbed_adapter.lab.report.embeddings import embeddings, pooled
from testbed_adapter.lab.report.inside import Inside
from testbed_adapter.lab.report.maps import embedding_maps, rate_colour
from testbed_adapter.lab.report.names import Named
from testbed_adapter.lab.report.neighbours import nearest, neighbours
from testbed_adapter.lab.report.projection import maps, project, topic_of
from testbed_adapter.lab.report.weights import heaviest, pair_weights
from testbed_adapter.messages import Message
from testbed_adapter.native.tensors import vocabulary
from Tests.adapter.report_reader import tables
from Tests.adapter.small_comparison import EVIL, small_inside


@pytest.fixture(scope="module")
def inside() -> Inside:
    return small_inside()


def added(tensors, feature):
    """The mean over the models in the file."""
    own = [
        tensor for name, tensor in tensors.items() if re.fullmatch(rf"(members\.\d+\.)?wide\.{feature}\.weight", name)
    ]
    return np.mean(own, axis=0).ravel()[2:]


def test_ids_are_named(inside):
    records, tensors, names = inside.run.log.records, inside.tensors, inside.names
    queries = [names.queries[str(int(row[12]))] for row in inside.features]
    documents = [names.documents[str(int(row[13]))] for row in inside.features]
    assert [named.text for named in queries] == [record["query"] for record in records]
    assert [named.name for named in documents] == [record["doc_id"] for record in records]
    assert sum(named.shown for named in names.queries.values()) == len(records)
    assert sum(named.clicks for named in names.documents.values()) == sum(record["clicked"] for record in records)
    for record, row in zip(records[:50], inside.features):
        words = [names.words[str(int(number))].name for number in row[20:36] if number]
        assert (
            words[:2] == ["alert", "x"] and "script" not in words and all(word in record["summary"] for word in words)
        )
    # Every entry of the model's vocabularies has a name.
    for feature in ("query_id", "doc_id", "query_terms", "summary_terms"):
        found = vocabulary(tensors, feature)
        assert found and all(entry in names.of(feature) for entry in found)


def test_heaviest_weights_are_the_models(inside):
    model, tensors = inside.model, inside.tensors
    groups = heaviest(model.model.info_, tensors, inside.names, model.scaler, model.feature_names, 5)
    assert [group.title.en for group in groups] == ["queries and documents", "numbers, by bin"]
    assert all(0 < len(group.weights) <= 5 for group in groups)
    sizes = [abs(weight.weight) for weight in groups[0].weights]
    assert sizes == sorted(sizes, reverse=True)
    flat = np.concatenate([added(tensors, name) for name in ("query_id", "doc_id")])
    assert [one.weight for one in groups[0].weights] == flat[np.argsort(-np.abs(flat), kind="stable")][:5].tolist()


def test_bins_are_in_the_records_units(inside):
    model = inside.model
    groups = heaviest(model.model.info_, inside.tensors, inside.names, model.scaler, model.feature_names, 1000)
    positions = {Message.of(one.label).en for one in groups[-1].weights}
    assert positions and positions <= {
        "position < 1", *(f"position = {i}" for i in range(1, 11)), *(f"position [{i}, {i + 1})" for i in range(1, 10)),
        "position ≥ 10",
    }  # fmt: skip


def test_maps(inside):
    drawn = inside.maps
    assert [one.title.en.split()[0] for one in drawn] == [one.key for one in drawn] == ["documents", "queries", "words"]
    part = embedding_maps(inside)
    svgs = re.findall("<svg.*?</svg>", part)
    for one, svg in zip(drawn, svgs):
        assert svg.count("<circle") == svg.count("<title>") == len(one.points) > 10
    assert maps({}, inside.names, 1) == []


def test_every_colour_of_a_map_is_in_its_legend(inside):
    part = embedding_maps(inside)
    legend = set(re.findall("background:(#[0-9a-f]{6})", part))
    assert set(re.findall('fill="(#[0-9a-f]{6})"', part)) <= legend
    assert any(point.topic is None for one in inside.maps for point in one.points) and "words of no topic" in part
    known = replace(inside)
    known.__dict__["maps"] = [
        one._replace(points=[point for point in one.points if point.topic is not None]) for one in inside.maps
    ]
    assert "words of no topic" not in embedding_maps(known)


def test_maps_of_a_model_that_knows_documents_by_id_or_by_word(inside):
    """Whichever of them has embeddings."""
    names = inside.names
    tensors = {name: value for name, value in inside.tensors.items() if not name.startswith("deep.")}
    for features in (("doc_id", "query_id"), ("summary_terms", "query_terms")):
        for feature in features:
            rows = len(vocabulary(tensors, feature)) + 2
            tensors[f"deep.{feature}.embedding"] = np.random.default_rng(rows).normal(size=(rows, 5))
        titles = [one.title.en for one in maps(tensors, names, 1)]
        by_words = features[0] == "summary_terms"
        assert [title.split()[0] for title in titles] == ["documents", "queries", "words"][: 3 if by_words else 2]
        assert sum("mean of words" in title for title in titles) == (2 if by_words else 0)
        for feature in features:
            del tensors[f"deep.{feature}.embedding"]


def test_topics_and_colours():
    assert topic_of("足球与冠军") == 0 and topic_of("火锅的烧烤、足球。") == 4 and topic_of("没有") is None
    assert rate_colour(0, 0, 1) == "#e67e22" and rate_colour(2, 0, 1) == "#2f73e2" == rate_colour(1, 0, 1)
    assert re.fullmatch("#[0-9a-f]{6}", rate_colour(0.3, 0.3, 0.3))


@pytest.mark.parametrize("count", [3, 12, 60])
def test_projection(count):
    vectors = np.random.default_rng(0).normal(size=(count, 6))
    flat = project(vectors)
    assert flat.shape == (count, 2) and np.isfinite(flat).all()
    assert (project(vectors) == flat).all()
    assert (project(np.ones((count, 6))) == 0).all()


def test_words_of_are_the_librarys():
    """By its ids: what stands alone in a text has the id that it has in any other."""
    texts = (
        "红烧<em>牛肉</em>面条，牛肉", "a < b > c", "未完 < 的标签 面条", "> 乱序 <", "<<b>>粗体</b> 美食 <i> 健康",
        "<" + "长" + " 词 一 二" * 40 + "> 之后", "<" + " x" * 31 + "> 旅游", "足球 足球 10 ％ ！",
    )  # fmt: skip
    kept = {text: words_of(text) for text in texts}

    def ids(text: str) -> list[float]:
        record = {"query": "", "doc_id": "1", "position": 1, "score": 0.5, "summary": text}
        (row,) = CTRModel().extract_features([{**record, "timestamp": "", "clicked": 0}])[0]
        return [number for number in row[20:36].tolist() if number]

    known = {word: ids(word)[0] for words in kept.values() for word in words}
    for text, words in kept.items():
        assert ids(text) == [known[word] for word in words[:16]], text
    assert kept[texts[0]] == ["红烧", "牛肉", "面条"] and "长" in kept[texts[5]] and "x" not in kept[texts[6]]


# --- crosses ---


def test_heaviest_crosses_are_the_models_in_their_texts(inside):
    up, down = heaviest_crosses(inside, 6)
    weights = np.sort(added(inside.tensors, "query_id×doc_id"))
    assert [one.weight for one in up] == weights[::-1][:6].tolist()
    assert [one.weight for one in down] == weights[:6].tolist() and up[0].weight > 0 > down[0].weight
    records = [inside.run.log.records[row] for row in inside.trained.tolist()]
    for one in (*up, *down):
        pair = [
            record for record in records if record["query"] == one.query.name and record["doc_id"] == one.document.name
        ]
        assert len(pair) == one.shown > 0 and sum(record["clicked"] for record in pair) == one.clicks
        assert one.document.text == f"{one.document.name} {pair[0]['summary']}"


def test_weights_of_pairs_are_what_the_model_adds(inside):
    """Against the model's own explanation of an impression."""
    weights = pair_weights(inside.tensors)
    found = 0
    for row in inside.run.test[:60].tolist():
        record = inside.run.log.records[row]
        told = inside.model.explain(*(record[name] for name in ("query", "doc_id", "position", "score", "summary")))
        (added,) = [term.weight for term in told.terms if term.feature == "query_id×doc_id"]
        query, document = inside.features[row, [12, 13]].astype(int).tolist()
        if (str(query), str(document)) in weights:
            assert weights[str(query), str(document)] == added
            found += 1
    assert found > 20


def test_section_of_crosses(inside):
    part = crosses(inside)
    up, down = heaviest_crosses(inside, 8)
    for rows, group in zip(tables(part), (up, down)):
        assert rows[0] == ["query", "document", "weight", "seen", "click rate"] and len(rows) == 1 + len(group)
        for row, one in zip(rows[1:], group):
            rate = f"{one.clicks / one.shown:.2f}"
            assert row == [one.query.text, one.document.text, f"{one.weight:+.3f}", f"{one.shown}×", rate]
    assert crosses(replace(inside, tensors={})) == ""


# --- neighbours ---


def test_nearest_neighbours():
    vectors = {"a": [1, 0], "b": [2, 0], "c": [0, 3], "d": [1, 1], "none": [0, 0], "unnamed": [1, 0]}
    known = (("a", ["1", "2"], 5), ("b", ["2"], 9), ("c", [], 1), ("d", ["1"], 5), ("none", [], 99))
    named = {entry: Named(entry, entry, words, shown) for entry, words, shown in known}
    found = nearest({entry: np.array(vector, dtype=float) for entry, vector in vectors.items()}, named, 2, 2)
    assert [one.name for one, _ in found] == ["b", "a"]  # the most shown that have a direction
    near = [[(other.named.name, round(other.cosine, 6), other.shared) for other in others] for _, others in found]
    diagonal = round(math.sqrt(0.5), 6)
    assert near == [[("a", 1.0, 1), ("d", diagonal, 0)], [("b", 1.0, 1), ("d", diagonal, 1)]]
    assert nearest({}, named, 2, 2) == []


def test_pooled_vectors_are_the_means_of_the_words(inside):
    counts = inside.tensors["vocabulary.query_terms.counts"]
    least = int(np.median(counts)) + 1  # so that some words are too rare
    found = pooled(inside.tensors, inside.names.queries, "query_terms", least)
    rows = {entry: row for row, entry in enumerate(vocabulary(inside.tensors, "query_terms")) if counts[row] >= least}
    table = inside.tensors["deep.query_terms.embedding"]
    assert len(found) > 10 and 0 < len(rows) < len(counts)
    left_out = 0
    for entry, named in inside.names.queries.items():
        known = [rows[word] + 2 for word in named.words if word in rows]
        left_out += len(named.words) - len(known)
        assert (entry in found) is bool(known)
        if known:
            assert found[entry][: table.shape[1]] == pytest.approx(table[known].mean(axis=0), abs=1e-6)
    assert left_out > 0


def test_only_what_has_an_embedding_of_its_own_is_shown(inside):
    assert inside.least == inside.model.model.info_["options"]["min_count"]
    counts = dict(zip(vocabulary(inside.tensors, "summary_terms"), inside.tensors["vocabulary.summary_terms.counts"]))
    least = sorted(counts.values())[len(counts) // 2] + 1
    found = embeddings(inside.tensors, "summary_terms", least)
    assert {*found} == {entry for entry, count in counts.items() if count >= least} and 0 < len(found) < len(counts)
    assert len(embeddings(inside.tensors, "summary_terms", 1)) == len(counts)
    assert embeddings(inside.tensors, "summary_terms", 10**9) == {}
    few, all_ = replace(inside, least=int(least)), replace(inside, least=1)
    (words,) = (one for one in few.maps if one.key == "words")
    assert len(words.points) == len(found)
    rare = [inside.names.words[entry].text for entry, count in counts.items() if count < least]
    # The words' cards are the last ones.
    near = re.findall('<span title="(.*?)">', neighbours(few).split('<div class="cards">')[-1])
    assert len(near) == 15 and not set(near) & set(map(html.escape, rare))
    for section in (embedding_maps, neighbours):
        assert f"fewer than {least} times" in section(few) and f"不足 {least} 次" in section(few)
        assert "fewer than" not in section(all_)
    assert neighbours(replace(inside, least=10**9)) == "" == embedding_maps(replace(inside, least=10**9))


def test_the_models_of_an_ensemble_are_taken_together():
    """Weights add to the logit by their mean; vectors stand side by side, for each model has directions of its own."""
    tensors = {
        "vocabulary.query_id.bytes": np.frombuffer(b"12", dtype=np.uint8), "vocabulary.query_id.offsets": np.arange(3),
        "vocabulary.query_id.counts": np.array([5, 5]), "vocabulary.doc_id.bytes": np.frombuffer(b"7", dtype=np.uint8),
        "vocabulary.doc_id.offsets": np.arange(2), "cross.query_id×doc_id.members": np.array([[3, 2], [2, 2]]),
    }  # fmt: skip
    for member, (weight, vector) in enumerate([(0.5, [1.0, 0.0]), (0.1, [0.0, 3.0]), (0.3, [4.0, 4.0])]):
        prefix = f"members.{member}." if member else ""
        tensors[f"{prefix}wide.query_id×doc_id.weight"] = np.array([9, 9, weight, -weight])
        tensors[f"{prefix}deep.query_id.embedding"] = np.array([[9, 9], [9, 9], vector, [0, member]])
    assert pair_weights(tensors) == {("2", "7"): pytest.approx(0.3), ("1", "7"): pytest.approx(-0.3)}
    found = {entry: vector.tolist() for entry, vector in embeddings(tensors, "query_id", 1).items()}
    assert found == {"1": [1, 0, 0, 3, 4, 4], "2": [0, 0, 0, 1, 0, 2]}


def test_section_of_neighbours(inside):
    part = neighbours(inside)
    most = max(inside.names.queries.values(), key=lambda named: named.shown)
    assert html.escape(most.text) in part and f"shown {most.shown:,} times" in part
    assert part.count('<div class="card">') == 9 and part.count("<li>") == 45
    cosines = [float(number) for number in re.findall("<b>(-?[0-9.]+)", part)]
    for card in range(9):
        near = cosines[5 * card : 5 * card + 5]
        assert near == sorted(near, reverse=True) and max(near) <= 1
    assert EVIL not in part and neighbours(replace(inside, tensors={})) == ""
