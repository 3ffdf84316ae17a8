"""A command's output on whatever standard output there is: ASCII, a Chinese code page, a closed pipe, or none."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

STOPPED = 130  # exit code after Ctrl-C, as shells have it
UNREAD = 141  # where nobody reads the output any more, as of a process that SIGPIPE ended


@contextlib.contextmanager
def any_text() -> Iterator[None]:
    """For what a command of ours prints: what the output's encoding has no character for stands as its number."""
    streams = [stream for stream in (sys.stdout, sys.stderr) if hasattr(stream, "reconfigure")]
    before = [stream.errors for stream in streams]
    for stream in streams:
        stream.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        for stream, errors in zip(streams, before):
            with contextlib.suppress(OSError, ValueError):  # it flushes, and may have been closed
                stream.reconfigure(errors=errors)


def finish() -> None:
    """Brings out what is still to be written. OSError if it cannot be, of which Python says no more at its exit."""
    try:
        if sys.stdout is not None and not sys.stdout.closed:
            sys.stdout.flush()
    except OSError:
        abandon()
        raise


def abandon() -> None:
    """Lets go of a standard output that cannot be written to."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
