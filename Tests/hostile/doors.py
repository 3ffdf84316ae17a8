"""The C ABI's doors. Each takes an input drawn from a stream and says how it was answered."""

from __future__ import annotations

import ctypes
import math
from ctypes import byref, c_double, c_int32, c_size_t, c_uint8
from pathlib import Path
from random import Random
from typing import Any, Callable

from Tests.abi.raw import IMPRESSION_FEATURES, SENTINEL, Callback, Model, deserialize, message
from Tests.hostile import arrow, tables
from Tests.hostile.columns import BAD_UTF8, EXTREMES, word
from Tests.hostile.files import Files
from Tests.hostile.options import options

SMALL = b'{"members":1,"hidden_units":[4],"epochs":1,"crosses":%s,"n_jobs":1,"min_count":1}'
# The other models, as small.
OTHERS = [
    b'{"model":%s,"members":1,"epochs":1,"n_jobs":1}' % options
    for options in (
        *(b'"lr","crosses":[]', b'"fm","crosses":[["c0","k0"]],"min_count":1'),
        *(b'"deepfm","crosses":[],"hidden_units":[4],"min_count":1', b'"dcn","hidden_units":[4],"min_count":1'),
        *(b'"dcn_v2","hidden_units":[],"cross_layers":2,"min_count":1', b'"dnn","hidden_units":[4],"min_count":1'),
    )
]
UNTOUCHED = -7.0


Door = Callable[[Random], bool]


class Fault(AssertionError):
    pass


def check(holds: object, what: str) -> None:
    if not holds:
        raise Fault(what)


class Doors:
    """A model of each kind, and the doors: `answers(number)` is True, or False for a refusal."""

    def __init__(self, library: ctypes.CDLL, folder: Path) -> None:
        self.library, self.folder = library, folder
        self.good = tables.Case(
            arrow.table(list(tables.GOOD["features"].values()), tables.ROWS), tables.ROWS, False, ()
        )
        self.log = arrow.table(list(tables.GOOD["log"].values()), tables.ROWS)
        self.file = self.trained(SMALL % b'[["c0","k0"]]')
        self.impressions = self.impression_file()
        self.answers = self.predict(self.model())
        others = [Files(self.trained(options)) for options in OTHERS]
        self.files = [Files(self.file)] * 7 + [Files(self.impressions)] + others
        self.kept: dict[str, Model] = {}
        self.seen = 0
        arrow.guard()

    def trained(self, options: bytes) -> bytes:
        model = Model(self.library, options)
        model.ok("ctr_model_train", model.handle, *self.good.table.both, Callback(), None)
        return model.serialize()

    def impression_file(self) -> bytes:
        rows, model = tables.ROWS, Model(self.library, SMALL % b'[["x0","x1"]]')
        features = (c_double * (rows * IMPRESSION_FEATURES))()
        model.ok("ctr_model_extract_features", model.handle, *self.log.both, features, rows)
        columns = [arrow.numbers(b"x%d" % at, features[at::IMPRESSION_FEATURES]) for at in range(IMPRESSION_FEATURES)]
        columns.append(tables.GOOD["features"]["label"])
        model.ok("ctr_model_train", model.handle, *arrow.table(columns, rows).both, Callback(), None)
        zeros, ones = (c_double * 12)(), (c_double * 12)(*[1.0] * 12)
        model.ok("ctr_model_set_history", model.handle, *self.log.both, zeros, ones, 12)
        return model.serialize()

    def model(self, content: bytes = b"") -> Model:
        model = Model(self.library)
        check(deserialize(self.library, content or self.file, byref(model.handle)) == 0, "the good file")
        return model

    def shared(self, door: str, content: bytes = b"") -> Model:
        """A model that a door's calls share, made anew every few hundred calls as these may let it grow."""
        self.seen += 1
        if door not in self.kept or self.seen % 256 == 0:
            self.kept[door] = self.model(content)
        return self.kept[door]

    def predict(self, model: Model) -> bytes:
        answers = (c_double * tables.ROWS)()
        model.ok("ctr_model_predict", model.handle, *self.good.table.both, answers, tables.ROWS)
        check(all(0 <= answer <= 1 for answer in answers), f"probabilities of {list(answers)}")
        return bytes(answers)

    def judged(self, status: int, wrong: bool, names: tuple[str, ...]) -> bool:
        """Whether a call worked; a refusal is one of the input and names a part of it."""
        if status == 0:
            check(not wrong, f"taken, though wrong in {names}")
            return True
        said = message(self.library)
        check(status in (1, 2, 5, 8) and said, f"status {status}: {said}")
        check(not names or any(name in said for name in names), f"none of {names} in: {said}")
        return False

    # --- One door each ---

    def create(self, draw: Random) -> bool:
        text, wrong, names = options(draw)
        model = Model(self.library)
        model.handle.value = SENTINEL
        status = self.library.ctr_model_create(text, byref(model.handle))
        if status:
            check(model.handle.value == SENTINEL, "a handle was written")
            model.handle.value = None
        return self.judged(status, wrong, names)

    def set_options(self, draw: Random) -> bool:
        text, wrong, names = options(draw)
        model = self.shared("set_options")
        worked = self.judged(self.library.ctr_model_set_options(model.handle, text), wrong, names)
        if draw.random() < 0.1:
            check(self.predict(model) == self.answers, "options changed what a trained model answers")
        return worked

    def train(self, draw: Random) -> bool:
        case = tables.case(draw, "features")
        model = Model(self.library, SMALL % b"[]")
        status = self.library.ctr_model_train(model.handle, *case.table.both, Callback(), None)
        check(model.is_trained() == (status == 0), "trained by a training that failed, or the other way")
        return self.judged(status, case.wrong, (*case.names, "label"))

    def continue_training(self, draw: Random) -> bool:
        case = tables.case(draw, "features")
        model = self.shared("continue_training")
        before = self.predict(model)
        status = self.library.ctr_model_continue_training(model.handle, *case.table.both, Callback(), None)
        if status:
            check(self.predict(model) == before, "a training that failed changed the model")
        return self.judged(status, case.wrong, case.names)

    def table_answer(self, name: str, draw: Random, kind: str, columns: int, unread: str = "") -> bool:
        case = tables.case(draw, kind)
        count = (
            draw.choice([0, 1, case.rows - 1, case.rows + 1, 1 << 40, (1 << 64) - 1])
            if draw.random() < 0.05
            else case.rows
        )
        room = (c_double * (case.rows * columns + 1))(*[UNTOUCHED] * (case.rows * columns + 1))
        model = self.shared(name)
        status = getattr(self.library, name)(model.handle, *case.table.both, room, count)
        check(room[case.rows * columns] == UNTOUCHED, "written beyond the room")
        written = room[: case.rows * columns]
        if status:
            check(set(written) == {UNTOUCHED}, "a call that failed wrote answers")
        elif columns == 1:
            check(all(0 <= answer <= 1 for answer in written), f"probabilities of {written}")
        else:
            check(all(map(math.isfinite, written)), f"features of {written}")
        wrong = (case.wrong and unread not in case.names) or count != case.rows
        return self.judged(status, wrong, (*case.names, "count") if count != case.rows else case.names)

    def predict_door(self, draw: Random) -> bool:
        return self.table_answer("ctr_model_predict", draw, "features", 1, "label")

    def extract_features(self, draw: Random) -> bool:
        return self.table_answer("ctr_model_extract_features", draw, "log", IMPRESSION_FEATURES)

    def explain(self, draw: Random) -> bool:
        case = tables.case(draw, "features")
        model = self.shared("explain")
        room, needed = ctypes.create_string_buffer(b"\xa5", draw.choice([1, 1 << 16])), c_size_t(SENTINEL)
        status = self.library.ctr_model_explain(model.handle, *case.table.both, room, len(room), byref(needed))
        if status:
            check(needed.value == SENTINEL and room.raw[:1] == b"\xa5", "a call that failed wrote")
        return self.judged(status, case.wrong and "label" not in case.names, case.names)

    def set_history(self, draw: Random) -> bool:
        case = tables.case(draw, "log")
        model, n = self.shared("set_history", self.impressions), draw.choice([0, 12, 12, 12])
        wrong, names = case.wrong, case.names
        mean, scale = [0.0] * 12, [1.0] * 12
        if draw.random() < 0.2:
            case = tables.Case(self.log, tables.ROWS, False, ())
            wrong, names = True, ("n =", "mean", "scale")
            way = draw.randrange(3)
            if way == 0:
                n = draw.choice([13, 64, 65, 1 << 40, (1 << 64) - 1])
            else:
                n, odd = 12, [float("nan"), float("inf"), float("-inf")]
                (mean if way == 1 else scale)[draw.randrange(12)] = draw.choice(odd if way == 1 else [*odd, 0.0])
        arrays = (arrow.doubles(mean), arrow.doubles(scale))
        return self.judged(self.library.ctr_model_set_history(model.handle, *case.table.both, *arrays, n), wrong, names)

    def extend_history(self, draw: Random) -> bool:
        case = tables.case(draw, "log")
        model = self.shared("extend_history", self.impressions)
        return self.judged(
            self.library.ctr_model_extend_history(model.handle, *case.table.both), case.wrong, case.names
        )

    def predict_ctr(self, draw: Random) -> bool:
        model, answer = self.shared("predict_ctr", self.impressions), c_double(UNTOUCHED)
        texts = [
            word(draw) * draw.choice([1, 1, 20]) if draw.random() < 0.9 else draw.choice(BAD_UTF8) for _ in range(3)
        ]
        wrong, names = False, []
        ends, lengths = [], []
        for name, text in zip(("query", "doc_id", "summary"), texts):
            values = sorted(draw.randrange(len(text) + 1) for _ in range(draw.randrange(4)))
            lengths.append(len(text))
            if values and name != "doc_id" and draw.random() < 0.1:
                values[draw.randrange(len(values))] = draw.choice([-1, len(text) + 1, (1 << 31) - 1, -(1 << 31)])
                wrong = True
                names.append(f"{name}_word_ends")
            ends.append((c_int32 * max(1, len(values)))(*values))
            ends.append(len(values))
        position = draw.choice([0, 1, 5, (1 << 63) - 1, (1 << 53) + 1, -1, -(1 << 63)])
        score = draw.choice([*EXTREMES, float("inf")])
        if position < 0 or not math.isfinite(score):
            wrong = True
            names += ["position", "score"]
        if draw.random() < 0.02:
            which = draw.randrange(3)
            lengths[which], wrong = (1 << 64) - 1 - draw.randrange(5), True
            names.append(("query", "doc_id", "summary")[which])
        first, second = (texts[0], lengths[0], *ends[:2]), (texts[2], lengths[2], *ends[4:])
        status = self.library.ctr_model_predict_ctr(
            model.handle, *first, texts[1], lengths[1], position, score, *second, byref(answer)
        )
        check(answer.value == UNTOUCHED if status else 0 <= answer.value <= 1, f"a probability of {answer.value}")
        # Two of the parts may be wrong; one is named.
        return self.judged(status, wrong, (*names, "query", "doc_id", "summary"))

    def set_metadata(self, draw: Random) -> bool:
        model = self.shared("set_metadata")
        if draw.random() < 0.5:
            text = b"a%b" % word(draw) + draw.choice(BAD_UTF8)
            return self.judged(self.library.ctr_model_set_metadata(model.handle, text, len(text)), True, ("UTF-8",))
        text, length = word(draw), draw.choice([(1 << 64) - 1, 1 << 63])
        wrong = draw.random() < 0.2
        return self.judged(
            self.library.ctr_model_set_metadata(model.handle, text, length if wrong else len(text)), wrong, ("length",)
        )

    def loaded(self, status: int, model: Model) -> bool:
        if status:
            check(model.handle.value == SENTINEL, "a handle was written")
            model.handle.value = None
            return self.judged(status, False, ())
        # It answers, or says why not: a mutant may have other columns.
        room = (c_double * tables.ROWS)(*[UNTOUCHED] * tables.ROWS)
        if self.library.ctr_model_predict(model.handle, *self.good.table.both, room, tables.ROWS):
            check(set(room) == {UNTOUCHED}, "a predict that failed wrote answers")
        else:
            check(all(0 <= answer <= 1 for answer in room), f"probabilities of {list(room)}")
        if self.seen % 4 == 0:
            again = Model(self.library)
            check(deserialize(self.library, model.serialize(), byref(again.handle)) == 0, message(self.library))
        return True

    def deserialize(self, draw: Random) -> bool:
        content, model = draw.choice(self.files).mutant(draw), Model(self.library)
        model.handle.value = SENTINEL
        whole = (c_uint8 * len(content)).from_buffer_copy(content) if content else (c_uint8 * 1)()
        return self.loaded(self.library.ctr_model_deserialize(whole, len(content), byref(model.handle)), model)

    def load(self, draw: Random) -> bool:
        path, model = self.folder / "mutant.model", Model(self.library)
        path.write_bytes(draw.choice(self.files).mutant(draw))
        model.handle.value = SENTINEL
        return self.loaded(self.library.ctr_model_load(str(path).encode(), byref(model.handle)), model)

    def path(self, draw: Random) -> bytes:
        base = str(self.folder).encode()
        return draw.choice(
            [b"", b"/", base, base + b"/none/x", base + b"/" + b"a" * 300, b"/dev/null", b"a" * 5000, b"/\xff/x"]
        ) + (draw.choice([b"", b"/", b"/..", b"//x/y/z"]))

    def save(self, draw: Random) -> bool:
        status = self.library.ctr_model_save(self.shared("save").handle, self.path(draw))
        check(status in (1, 4) and message(self.library), f"status {status}: {message(self.library)}")
        return False

    def sized(self, name: str, draw: Random) -> bool:
        """What answers with a size, with rooms of any size."""
        asked = () if name == "ctr_architectures" else (self.shared(name).handle,)
        needed = c_size_t(SENTINEL)
        capacity = draw.randrange(1 << (16 if name == "ctr_architectures" else 14))
        room = ctypes.create_string_buffer(b"\xa5" * (capacity + 1), capacity + 1)
        kind = ctypes.POINTER(c_uint8) if name == "ctr_model_serialize" else ctypes.c_char_p
        status = getattr(self.library, name)(*asked, ctypes.cast(room, kind), capacity, byref(needed))
        check(status == 0 and needed.value != SENTINEL, message(self.library))
        written = room.raw[:capacity].strip(b"\xa5")
        check(room.raw[capacity:] == b"\xa5" and bool(written) == (needed.value <= capacity), "another room than given")
        return True

    def info(self, draw: Random) -> bool:
        return self.sized("ctr_model_info", draw)

    def serialize(self, draw: Random) -> bool:
        return self.sized("ctr_model_serialize", draw)

    def architectures(self, draw: Random) -> bool:
        return self.sized("ctr_architectures", draw)

    def all(self) -> dict[str, Door]:
        doors: list[Any] = [self.create, self.set_options, self.train, self.continue_training, self.predict_door]
        doors += [self.explain, self.extract_features, self.set_history, self.extend_history, self.predict_ctr]
        doors += [self.set_metadata, self.load, self.deserialize, self.save, self.info, self.serialize]
        doors.append(self.architectures)
        return {door.__name__.replace("_door", ""): door for door in doors}
