"""The ports that the testbed's programs have written out, whether one is taken, and by whom."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path
from typing import Optional

from ..messages import Message
from ..messages import surroundings as words

SERVICE, PAGE = 8501, 7861
_SYSTEM = ((SERVICE, words.SERVICE_REUSED), (PAGE, words.PAGE_MOVES))
# By the last name of what is run.
_ASKED = {
    "start_model_serving": ((SERVICE, words.SERVICE_FAILS),),
    "start_system": _SYSTEM,
    "portal": ((PAGE, words.PAGE_MOVES),),
}
_LISTENS = "0A"


def taken(program: str) -> list[Message]:
    """A line for each port that a program (a path, or a module's name) wants and another has."""
    name = os.path.basename(program).removesuffix(".py").rpartition(".")[2]
    return [said(port, what) for port, what in _ASKED.get(name, ()) if is_taken(port)]


def said(port: int, what: Message) -> Message:
    process = holder(port)
    by = words.BY.format(pid=process[0], command=process[1]) if process else words.BY_ANOTHER.format(port=port)
    return what.format(port=port, by=by, free=free_above(port))


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def free_above(port: int) -> int:
    return next(other for other in range(port + 1, 65536) if not is_taken(other))


def holder(port: int) -> Optional[tuple[int, str]]:
    """The process that listens on a port, and its command line; None where the system does not tell, of another
    user's process say."""
    sockets = {f"socket:[{inode}]" for inode in _listening(port)}
    for process in Path("/proc").glob("[0-9]*") if sockets else ():
        try:
            if any(os.readlink(handle) in sockets for handle in (process / "fd").iterdir()):
                command = (process / "cmdline").read_bytes().rstrip(b"\0").replace(b"\0", b" ")
                return int(process.name), command.decode("utf-8", "replace")
        except OSError:  # not ours to look at, or gone
            continue
    return None


def _listening(port: int) -> list[str]:
    found = []
    for table in ("tcp", "tcp6"):
        try:
            lines = Path("/proc/net", table).read_text("ascii").splitlines()[1:]
        except OSError:  # no Linux
            continue
        for fields in map(str.split, lines):
            if int(fields[1].rpartition(":")[2], 16) == port and fields[3] == _LISTENS:
                found.append(fields[9])
    return found
