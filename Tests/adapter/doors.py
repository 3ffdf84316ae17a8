"""One table through every door: as each library has it, each with its types, orders and chunks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

Columns = dict[str, list[Any]]


def frames(columns: Columns) -> Iterator[tuple[str, Any]]:
    """The named columns of Python values (numbers, text, booleans, lists of text; None is missing)."""
    plain = {name: pa.array(values, from_pandas=True) for name, values in columns.items()}
    table = pa.table(plain)
    yield "pandas", pd.DataFrame(columns)
    yield "pandas, objects", pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    yield "pandas, nullable", pd.DataFrame(columns).convert_dtypes()
    yield "pandas, Arrow", table.to_pandas(types_mapper=pd.ArrowDtype)
    yield "Arrow", table
    yield "Arrow, a batch", table.combine_chunks().to_batches()[0]
    middle = table.num_rows // 2
    yield "Arrow, chunks", pa.concat_tables([table.slice(0, middle), table.slice(middle)])
    longer = pa.concat_tables([table.slice(0, 1), table, table.slice(0, 1)]).combine_chunks()
    yield "Arrow, a part", longer.slice(1, table.num_rows)
    yield "Arrow, other types", pa.table({name: other_type(array) for name, array in plain.items()})
    yield "Arrow, dictionaries", pa.table({name: dictionary(array) for name, array in plain.items()})
    yield "Arrow, run ends", pa.table({name: run_ends(array) for name, array in plain.items()})
    yield "Polars", pl.from_arrow(table)
    yield "Polars, chunks", pl.concat([pl.from_arrow(table)[:middle], pl.from_arrow(table)[middle:]], rechunk=False)
    yield (
        "Polars, categories",
        pl.from_arrow(table).with_columns(
            [pl.col(name).cast(pl.Categorical) for name, array in plain.items() if pa.types.is_string(array.type)]
            + [
                pl.col(name).cast(pl.List(pl.Categorical))
                for name, array in plain.items()
                if pa.types.is_list(array.type)
            ]
        ),
    )


def matrices(columns: Columns) -> Iterator[tuple[str, Any]]:
    """The same without names."""
    rows = [list(row) for row in zip(*columns.values())]
    yield "lists", rows
    yield "tuples", tuple(tuple(row) for row in rows)
    objects = np.empty((len(rows), len(columns)), dtype=object)
    for index, row in enumerate(rows):
        for place, value in enumerate(row):
            objects[index, place] = value
    yield "NumPy, objects", objects
    yield "NumPy, objects by column", np.asfortranarray(objects)


def numbers(matrix: Any) -> Iterator[tuple[str, Any]]:
    """A matrix of whole numbers from 0 to 100, in each type that holds them."""
    for name in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"):
        for order in "<>":
            yield f"NumPy {order}{name}", matrix.astype(f"{order}{name}")
            yield f"NumPy {order}{name} by column", np.asfortranarray(matrix.astype(f"{order}{name}"))
    wide = np.zeros((2 * len(matrix), 3 * matrix.shape[1]))
    wide[::2, 1::3] = matrix
    yield "NumPy, every second row and third column", wide[::2, 1::3]
    yield "NumPy, backwards", np.ascontiguousarray(matrix[::-1, ::-1])[::-1, ::-1]
    read_only = matrix.astype(float)
    read_only.flags.writeable = False
    yield "NumPy, read only", read_only
    yield "NumPy, masked", np.ma.masked_array(matrix.astype(float), mask=np.zeros(matrix.shape, bool))
    yield "lists", matrix.tolist()
    yield "lists of NumPy's numbers", [list(row) for row in matrix.astype(np.float32)]
    yield (
        "Arrow decimals",
        pa.table({f"x{place}": pa.array(column).cast(pa.decimal128(30, 2)) for place, column in enumerate(matrix.T)}),
    )


def other_type(array: pa.Array) -> pa.Array:
    if pa.types.is_string(array.type):
        return array.cast(pa.string_view() if len(array) % 2 else pa.large_string())
    if pa.types.is_list(array.type):
        return array.cast(pa.large_list(pa.large_string()))
    if pa.types.is_integer(array.type) and (pc.max(pc.abs(array)).as_py() or 0) < 100:
        return array.cast(pa.int8())
    return array


def dictionary(array: pa.Array) -> pa.Array:
    return array.dictionary_encode() if pa.types.is_string(array.type) else array


def run_ends(array: pa.Array) -> pa.Array:
    encodes = not (pa.types.is_list(array.type) or pa.types.is_null(array.type))
    return pc.run_end_encode(array) if encodes else array
