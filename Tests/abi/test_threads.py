"""Messages by thread, predictions while another thread trains, training cancelled from its callback."""

from __future__ import annotations

import ctypes
import math
import threading
from ctypes import byref, c_void_p
from typing import Any

import pytest

from Tests.abi.raw import CANCELLED, INVALID_ARGUMENT, Callback, Exported, Model, Progress, message


def test_each_thread_has_its_own_message(library: ctypes.CDLL) -> None:
    handle, heard = c_void_p(), []
    assert library.ctr_model_create(b'{"first_thread": 1}', byref(handle)) == INVALID_ARGUMENT

    def other() -> None:
        heard.append(message(library))
        library.ctr_model_create(b'{"second_thread": 1}', byref(handle))
        heard.append(message(library))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert heard[0] == "" and "second_thread" in heard[1]
    assert "first_thread" in message(library)


def test_a_message_outlives_the_calls_that_succeed(library: ctypes.CDLL, untrained: Model) -> None:
    handle = c_void_p()
    assert library.ctr_model_create(b'{"no_such_key": 1}', byref(handle)) == INVALID_ARGUMENT
    assert not untrained.is_trained()
    assert "no_such_key" in message(library)


def test_progress_tells_each_epoch(untrained: Model, table: Exported) -> None:
    told: list[tuple[Any, ...]] = []

    @Callback
    def progress(info: Any, context: Any) -> int:
        values = [getattr(info.contents, name) for name, _ in Progress._fields_]
        told.append((*values, context))
        return 0

    untrained.ok("ctr_model_train", untrained.handle, *table.both, progress, c_void_p(1234))
    ends = [line for line in told if line[2] == line[3]]
    # At most three epochs with a validation part, then the best number of them on all rows, for each further model.
    validated = sum(line[3] < table.rows for line in ends)
    best, further = untrained.info()["best_epoch"], max(1, untrained.info()["options"]["members"] - 1)
    assert [line[0] for line in ends] == list(range(1, len(ends) + 1))
    assert 1 <= best <= validated <= 3 and len(ends) == validated + further * best
    members = untrained.info()["options"]["members"]
    assert all(line[9] == members for line in told) and [line[8] for line in told] == sorted(line[8] for line in told)
    assert {line[8] for line in ends} == set(range(1, members + 1))
    for epoch, epochs, done, rows, loss, validation_loss, auc, _, _, _, is_refit, context in told:
        # How many there will be in all is known of the model that is being trained.
        assert epochs == (3 if epoch <= validated else validated + -(-(epoch - validated) // best) * best)
        assert 0 <= done <= rows <= table.rows and context == 1234
        assert 0 < loss < 3 or math.isnan(loss)
        if done == rows and epoch <= validated:
            assert not is_refit and 0 < validation_loss < 3 and 0 <= auc <= 1
        elif done == rows:
            assert is_refit and rows == table.rows and math.isnan(validation_loss) and math.isnan(auc)


@pytest.mark.parametrize("name", ["ctr_model_train", "ctr_model_continue_training"])
@pytest.mark.parametrize("epoch", [1, 2])
def test_a_cancelled_training_leaves_the_model_as_it_was(
    name: str, epoch: int, trained: Model, copy_of_trained: Model, untrained: Model, table: Exported
) -> None:
    @Callback
    def progress(info: Any, context: Any) -> int:
        return int(info.contents.epoch == epoch)

    for model in (copy_of_trained, untrained):
        assert getattr(model.library, name)(model.handle, *table.both, progress, None) == CANCELLED
        assert message(model.library)
    assert copy_of_trained.serialize() == trained.serialize()
    assert not untrained.is_trained()


@pytest.mark.parametrize("name", ["ctr_model_train", "ctr_model_continue_training"])
def test_a_callback_cannot_train_the_model_in_training(name: str, untrained: Model, table: Exported) -> None:
    answers: set[tuple[int, bool]] = set()

    @Callback
    def progress(info: Any, context: Any) -> int:
        status = getattr(untrained.library, name)(untrained.handle, *table.both, Callback(), None)
        answers.add((status, "callback" in message(untrained.library)))
        return 0

    untrained.ok("ctr_model_train", untrained.handle, *table.both, progress, None)
    assert answers == {(INVALID_ARGUMENT, True)} and untrained.is_trained()


def test_predictions_are_of_one_whole_model_while_another_thread_trains(
    copy_of_trained: Model, table: Exported
) -> None:
    """Each answer equals that of the model before the training, or of the one after."""
    copy = copy_of_trained
    seen: set[tuple[float, ...]] = set()
    done = threading.Event()
    failed: list[BaseException] = []

    def keep_predicting() -> None:
        try:
            while not done.is_set():
                seen.add(tuple(copy.predict(table)))
        except BaseException as error:
            failed.append(error)

    copy.ok("ctr_model_set_options", copy.handle, b'{"early_stopping": false, "epochs": 2}')
    before = tuple(copy.predict(table))
    threads = [threading.Thread(target=keep_predicting) for _ in range(2)]
    for thread in threads:
        thread.start()
    after = {before}
    try:
        for _ in range(3):
            copy.ok("ctr_model_continue_training", copy.handle, *table.both, Callback(), None)
            after.add(tuple(copy.predict(table)))
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert not failed and seen <= after
    assert len(after) == 4
