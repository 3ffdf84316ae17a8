"""The impression features: the logistic regression's 12 columns to the last bit, ids and words after them."""

from __future__ import annotations

import datetime
import warnings
from typing import Any

import jieba
import numpy as np
import pytest

from testbed_adapter.host.ctr_model import FEATURE_NAMES, CTRModel, ImpressionScaler
from testbed_adapter.host.records import ClickLog, RecordError, records_table
from testbed_adapter.host.words import WordCache, segment, words
from Tests.adapter.lr_features import lr_features
from Tests.adapter.support import Record, click_log


def extract(records: list[Record]) -> np.ndarray:
    return CTRModel().extract_features(records)[0]


def test_the_twelve_columns_to_the_last_bit(log: list[Record]) -> None:
    X, y = CTRModel().extract_features(log)
    assert X.shape == (len(log), 36) and X.dtype == np.float64 and len(FEATURE_NAMES) == 36
    assert (X[:, :12] == lr_features(log)).all()
    assert y.tolist() == [record["clicked"] for record in log]


ODD_TEXTS = [
    "",
    " ",
    "\r\n",
    "a\rb\n",
    "Ｆｕｌｌ　ｗｉｄｔｈ",
    "😀机器😀",
    "naïve café",
    "C++ & C#",
    "3.14%",
    "<b>学习</b>",
    "學習",
    "𠮷野家",
    "a\0b",
]


def test_odd_texts_to_the_last_bit() -> None:
    log = click_log(len(ODD_TEXTS) * 4)
    for index, record in enumerate(log):
        record["query"] = ODD_TEXTS[index % len(ODD_TEXTS)]
        record["summary"] = ODD_TEXTS[index * 5 % len(ODD_TEXTS)] + ODD_TEXTS[index // 4]
    assert (extract(log)[:, :12] == lr_features(log)).all()


def test_records_out_of_order_have_their_own_rows(log: list[Record]) -> None:
    shuffled = np.random.default_rng(5).permutation(len(log))
    X = extract([log[index] for index in shuffled])
    assert (extract(log)[shuffled] == X).all()


def test_equal_timestamps_keep_their_order(log: list[Record]) -> None:
    together = [{**record, "timestamp": record["timestamp"][:16]} for record in log]
    assert (extract(together)[:, :12] == lr_features(together)).all()


@pytest.mark.parametrize(
    "stamp",
    [
        lambda number: 1_700_000_000_000_000_000 + number,  # nanoseconds: doubles would take neighbours for one
        lambda number: float(number) - 600.5,
        lambda number: np.int64(number),
        lambda number: datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(seconds=number),
        lambda number: datetime.date(2000, 1, 1) + datetime.timedelta(days=number),
    ],
)
def test_timestamps_of_other_kinds(log: list[Record], stamp: Any) -> None:
    # 9 stands after 10 as text, before it as a number.
    numbered = [{**record, "timestamp": stamp(number)} for number, record in enumerate(log)]
    expected = lr_features(numbered)
    assert (extract(numbered)[:, :12] == expected).all()
    shuffled = np.random.default_rng(5).permutation(len(log))
    assert (extract([numbered[index] for index in shuffled])[:, :12] == expected[shuffled]).all()


def test_ids_and_words() -> None:
    record = {**click_log(1)[0], "query": "机器学习，入门", "summary": "机器学习 机器学习 的 入门"}
    other = {**record, "query": "入门", "doc_id": "doc-other"}
    X = extract([record, other])
    ids = X[:, 12:]
    assert ((ids == np.floor(ids)) & (ids >= 0) & (ids < 2**40)).all()
    assert ids[0, 0] != ids[1, 0] and ids[0, 1] != ids[1, 1]
    said = [word for word in jieba.lcut(record["query"]) if word != "，"]
    assert np.count_nonzero(X[0, 14:20]) == len(said)
    assert X[1, 14] in X[0, 14:20] and np.count_nonzero(X[1, 14:20]) == 1
    distinct = {word for word in jieba.lcut(record["summary"]) if word.strip()}
    in_summary = set(X[0, 20:36]) - {0.0}
    assert in_summary >= set(X[0, 14:20]) - {0.0} and len(in_summary) == np.count_nonzero(X[0, 20:]) == len(distinct)


MARK = '<span style="background-color: yellow; font-weight: bold;">'


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        (f"今天{MARK}天气</span>很好", "今天 天气 很好"),
        (f"{MARK}天气</span>{MARK}天气</span>", "天气"),
        ("<br>天气<br/>", "天气"),
        ("天气 < 很好", "天气 很好"),
        ("天气 > 很好", "天气 很好"),
        ("天气 > < 很好 <", "天气 很好"),
        ("天气<" + "很 " * 80 + ">好", "天气 很 好"),
        (MARK + "</span>" + "".join(f"{MARK}词{number}</span>" for number in range(30)), None),
    ],
)
def test_markup_is_no_words(marked: str, plain: Any, trained: CTRModel) -> None:
    """The testbed's search marks what it found in the summaries that it shows and records."""
    record = {**click_log(1)[0], "summary": marked}
    row = extract([record])[0]
    if plain is not None:
        assert row[20:].tolist() == extract([{**record, "summary": plain}])[0][20:].tolist()
    else:
        assert (row[20:] > 0).all()
    assert (row[:12] == lr_features([record])[0]).all()
    assert trained.model is not None and trained.scaler is not None
    row[5] = row[6] = row[10] = 0  # no features of the model
    served = trained.predict_ctr(*(record[name] for name in ("query", "doc_id", "position", "score", "summary")))
    record["doc_length"] = len(marked)
    row[1] = len(marked)
    assert trained.model.predict_proba(trained.scaler.transform(row[None]))[0, 1] == served


def test_ids_are_the_same_in_every_process(log: list[Record], fresh: Any) -> None:
    code = (
        "from Tests.adapter.support import click_log; from testbed_adapter.host.ctr_model import CTRModel\n"
        "print(CTRModel().extract_features(click_log(1200))[0].tobytes()[:4096].hex())"
    )
    assert fresh(code, PYTHONHASHSEED="1") == extract(log).tobytes()[:4096].hex() + "\n"


def test_no_records() -> None:
    X, y = CTRModel().extract_features([])
    assert X.shape == (0,) and y.shape == (0,)


def test_numpy_scalars_bools_and_whole_ids(log: list[Record]) -> None:
    other = [
        {
            **record,
            "position": np.int32(record["position"]),
            "score": np.float64(record["score"]),
            "clicked": bool(record["clicked"]),
            "doc_length": float(record["doc_length"]),
        }
        for record in log
    ]
    assert (extract(other) == extract(log)).all()
    numbered = [{**record, "doc_id": int(record["doc_id"][3:])} for record in log]
    texts = [{**record, "doc_id": record["doc_id"][3:]} for record in log]
    assert (extract(numbered) == extract(texts)).all()


def test_a_missing_document_length_is_the_summarys(log: list[Record]) -> None:
    without = [{key: value for key, value in record.items() if key != "doc_length"} for record in log]
    none = [{**record, "doc_length": None if index % 2 else float("nan")} for index, record in enumerate(log)]
    assert extract(without)[:, 1].tolist() == [len(record["summary"]) for record in log]
    assert (extract(none) == extract(without)).all()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("query", None, "'query' must be text, it is None"),
        ("query", 7, "'query' must be text, it is 7 (int)"),
        ("summary", None, "'summary' must be text, it is None"),
        ("summary", ["a"], "'summary'"),
        ("doc_id", None, "'doc_id' must be text or a whole number"),
        ("doc_id", 1.5, "'doc_id'"),
        ("doc_id", True, "'doc_id'"),
        ("position", -1, "'position' must be a whole number of 0 or more, it is -1 (int)"),
        ("position", 1.5, "'position'"),
        ("position", "1", "'position'"),
        ("position", None, "'position'"),
        ("position", 2**60, "'position'"),
        ("position", float("nan"), "'position'"),
        ("score", float("nan"), "'score' must be a finite number, it is nan"),
        ("score", float("inf"), "'score'"),
        ("score", "0.5", "'score'"),
        ("score", 10**400, "'score'"),
        ("score", True, "'score'"),
        ("clicked", 2, "'clicked' must be 0 or 1, it is 2 (int)"),
        ("clicked", None, "'clicked'"),
        ("clicked", "1", "'clicked'"),
        ("clicked", 0.5, "'clicked'"),
        ("doc_length", -1, "'doc_length'"),
        ("doc_length", "long", "'doc_length'"),
        ("timestamp", None, "'timestamp'"),
        ("timestamp", float("nan"), "'timestamp'"),
        ("timestamp", 12, "'timestamp'"),
        ("timestamp", datetime.datetime(2025, 1, 1), "'timestamp'"),
    ],
)
def test_wrong_fields_are_named(field: str, value: Any, says: str) -> None:
    log = click_log(20)
    log[6][field] = value
    with pytest.raises(RecordError, match="record 7") as caught:
        records_table(log)
    assert says in str(caught.value)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("field", ["query", "doc_id", "summary", "position", "score", "clicked", "timestamp"])
def test_missing_fields_are_named(field: str) -> None:
    log = click_log(20)
    del log[3][field]
    with pytest.raises(RecordError, match=f"record 4 has no field '{field}'"):
        records_table(log)


def test_datetimes_with_and_without_a_zone() -> None:
    log = click_log(3)
    for index, record in enumerate(log):
        zone = datetime.timezone.utc if index == 2 else None
        record["timestamp"] = datetime.datetime(2025, 1, 1, tzinfo=zone)
    with pytest.raises(RecordError, match=r"record 3.*time zone"):
        records_table(log)


def test_what_is_no_record() -> None:
    with pytest.raises(RecordError, match="record 2 must be a dict"):
        ClickLog([{}, "text"])  # type: ignore[list-item]


def test_half_a_surrogate_pair() -> None:
    log = click_log(20)
    log[2]["query"] = "机器\ud83d学习"
    log[3]["doc_id"] = "doc\udc00"
    assert np.isfinite(extract(log)).all()
    assert segment("\ud83d").text == b"?"


def test_words_are_the_text_cut_up() -> None:
    for text in [*ODD_TEXTS, "机器学习是人工智能的一个分支。" * 10]:
        found = words(text)
        ends = list(found.word_ends)
        cut = [found.text[start:end].decode() for start, end in zip([0, *ends], ends)]
        assert cut == jieba.lcut(text) and found.count == len(cut)


def test_a_long_text_is_cut_as_a_whole_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "机器学习，是 AI 的分支\r\n。包含 C++ 代码！" * 40
    whole = list(segment(text).word_ends)
    monkeypatch.setattr("testbed_adapter.host.words._PIECE", 17)
    assert list(segment(text).word_ends) == whole
    unbroken = segment("学习" * 500)
    assert unbroken.word_ends[-1] == unbroken.size == 3000


def test_the_cache_is_bounded() -> None:
    cache = WordCache(texts=100, characters=4000)
    for number in range(1000):
        cache.words(f"查询{number}")
        assert len(cache) <= 100
    cache.words("长" * 3000)
    assert len(cache) <= 100 and all(len(text) < 600 for text in [*cache._young, *cache._old])
    for number in range(200):
        cache.words(str(number) * 120)
    assert sum(map(len, [*cache._young, *cache._old])) <= 4000
    known = cache.words("查询999")
    assert cache.words("查询999") is known
    cache.clear()
    assert len(cache) == 0 and cache.words("查询999") is not known
    with pytest.raises(TypeError):
        cache.words(None)  # type: ignore[arg-type]


def test_the_cache_follows_jiebas_dictionary() -> None:
    text = "鱼香肉丝盖浇饭套餐"
    before = words(text).count
    jieba.add_word(text)
    try:
        assert words(text).count == 1 < before
    finally:
        jieba.del_word(text)


def test_the_scaler_leaves_ids_alone(log: list[Record]) -> None:
    from sklearn.preprocessing import StandardScaler

    X = extract(log)
    scaler = ImpressionScaler().fit(X)
    scaled = scaler.transform(X)
    assert (scaled[:, :12] == StandardScaler().fit_transform(X[:, :12])).all()
    assert (scaled[:, 12:] == X[:, 12:]).all()
    assert np.allclose(scaler.inverse_transform(scaled), X)
    for width in (2, 12, 37):
        with pytest.raises(ValueError, match=f"36 columns.*there are {width}"):
            scaler.transform(np.zeros((3, width)))


def test_numbers_too_large_to_standardise_are_named_without_a_warning() -> None:
    X = np.ones((4, 36))
    X[1, 11] = 1e308
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=r"the feature score .*1e150"):
            ImpressionScaler().fit(X)


def test_numbers_of_narrow_types_are_compared_as_they_are() -> None:
    records = [{**record, "position": np.float16(3), "doc_length": np.int8(9)} for record in click_log(20)]
    plain = [{**record, "position": 3, "doc_length": 9} for record in records]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (CTRModel().extract_features(records)[0] == CTRModel().extract_features(plain)[0]).all()
