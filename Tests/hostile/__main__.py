"""`python -m Tests.hostile abi|python INPUTS [DOOR,DOOR… [NUMBER]]`: made-up inputs through each public
door, or through these alone, a line a door.

The file that HOSTILE_AT names says all the while which input is under way, so that one that ends the process is known.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from Tests.abi.raw import load_library
from Tests.hostile.doors import Doors, Fault
from Tests.hostile.python_doors import PythonDoors

KINDS: dict[str, Any] = {"abi": Doors, "python": PythonDoors}


def main(kind: str, inputs: int, only: str = "", number: str = "") -> int:
    faults = 0
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with (
        tempfile.TemporaryDirectory(dir=memory) as folder,
        open(os.environ.get("HOSTILE_AT", os.devnull), "r+b", 0) as at,
    ):
        doors = KINDS[kind](load_library(), Path(folder)).all()
        print(f"{'door':<20} {'inputs':>7} {'refused':>8} {'answered':>9} {'seconds':>8}")
        for place, (name, door) in enumerate(doors.items()):
            if only and name not in only.split(","):
                continue
            answered, start = 0, time.process_time()
            numbers = [int(number)] if number else range(inputs)
            for index in numbers:
                at.seek(0)
                at.write(f"{name} {index:<9}\n".encode())
                try:
                    answered += door(Random(place << 32 | index))
                except Fault as fault:
                    faults += 1
                    if faults < 40:
                        print(f"python -m Tests.hostile {kind} 1 {name} {index}: {fault}", file=sys.stderr)
            taken = time.process_time() - start
            print(f"{name:<20} {len(numbers):>7} {len(numbers) - answered:>8} {answered:>9} {taken:>8.2f}", flush=True)
    return min(faults, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:]))
