"""MovieLens 100K as clicks: does a user like (rate with 4 or 5) a film? Ids of users and films, and their fields."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import numpy as np
import pandas as pd

from ..task import Missing, Task, random_split, sampled, text_columns

ABOUT = (
    "MovieLens 100K, ratings of 1,682 films by 943 users, 4 and 5 as clicks (Harper and Konstan, 2015, research use; "
    "grouplens.org/datasets/movielens/100k): ml-100k/u.data, u.item and u.user in DATA"
)
_GENRES = (
    *("unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama"),
    *("Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western"),
)
_CROSSES = (("gender", "item"), ("occupation", "item"), ("age", "item"), ("user", "genre_set"))


def load(folder: Path, seed: int, rows: Optional[int]) -> Task:
    ratings = sampled(_read(folder, "u.data", "\t", ["user", "item", "rating", "time"]), rows, seed)
    users = _read(folder, "u.user", "|", ["user", "age", "gender", "occupation", "zip"])
    items = _read(folder, "u.item", "|", ["item", "title", "released", "video", "address", *_GENRES])
    flags = (items[list(_GENRES)] == "1").to_numpy()
    genres = [tuple(name for name, has in zip(_GENRES, row) if has) for row in flags]
    items = items[["item"]].assign(
        year=pd.to_numeric(items["released"].str[-4:], errors="coerce"),
        genres=pd.Series(genres, dtype=object),
        genre_set=["|".join(row) for row in genres],
    )
    frame = ratings.merge(users, on="user", how="left").merge(items, on="item", how="left")
    labels = (frame["rating"].astype(int) >= 4).to_numpy().astype(np.int64)
    frame = frame[["user", "item", "age", "gender", "occupation", "zip", "year", "genres", "genre_set"]]
    frame = text_columns(frame, ["user", "item", "gender", "occupation", "zip", "genre_set"])
    frame = frame.astype({"age": np.float64, "year": np.float64})
    return Task(frame, labels, *random_split(labels, seed), crosses=_CROSSES)


def _read(folder: Path, name: str, separator: str, columns: list[str]) -> pd.DataFrame:
    path = folder / "ml-100k" / name
    if not path.is_file():
        raise Missing(f"there is no {path}: {ABOUT}")
    return pd.read_csv(path, sep=separator, names=columns, dtype=str, encoding="latin-1")
