"""`disable`: removes what `enable` wrote."""

from __future__ import annotations

import argparse
import sys

from ..messages import Message, said
from ..messages import enable as words
from . import pth_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = str(words.DISABLE_ABOUT)
    parser.add_argument("--system", action="store_true", help=str(words.SYSTEM))


def run(given: argparse.Namespace) -> int:
    if not pth_file.is_environment() and not given.system:
        return _refused(words.SYSTEMS_KEPT.format(python=sys.executable))
    path = pth_file.site_packages() / pth_file.NAME
    try:
        with pth_file.alone():
            found = pth_file.read(path)
            if found is not None:
                path.unlink()
    except ValueError as error:
        return _refused(words.FOREIGN.format(error=error))
    except OSError as error:
        return _refused(said(error))
    print((words.DISABLED if found else words.WAS_NOT).format(path=path))
    return 0


def _refused(reason: Message) -> int:
    print(words.NOT_DISABLED.format(reason=reason), file=sys.stderr)
    return 1
