"""Whether the testbed can keep what it learns: its services write below models/ of the checkout."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple, Optional

from ..messages import Message
from ..messages import surroundings as words


class Obstacle(NamedTuple):
    said: Message
    starts: bool  # whether the testbed's services start all the same


def obstacle(testbed: Path) -> Optional[Obstacle]:
    """What stands in the way of writing there; None if nothing. Nothing is written to find out."""
    models = testbed / "models"
    folders = [models, models / "online", models / "offline"]
    absent = [folder for folder in folders if not folder.is_dir()]
    is_file = next((folder for folder in absent if os.path.lexists(folder)), None)
    if is_file is not None:
        return Obstacle(words.NO_FOLDER.format(path=is_file), starts=False)
    present = [testbed, *folders] if models in absent else folders
    locked = [one for one in present if one not in absent and not os.access(one, os.W_OK | os.X_OK)]
    if not locked:
        return None
    copy = f"cp -r {os.path.abspath(testbed)} ~/{os.path.basename(os.path.abspath(testbed))}-copy"
    # Folders that are missing are made in the first of those there.
    starts = not absent or locked[0] not in (testbed, models)
    told = words.IN_MEMORY if starts else words.NO_START
    return Obstacle(told.format(path=locked[0], copy=copy), starts)
