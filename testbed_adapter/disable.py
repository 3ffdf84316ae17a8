"""`disable`: removes what `enable` wrote."""

from __future__ import annotations

import argparse
import sys

from . import switch_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Removes the file that `enable` wrote into this environment's site-packages."
    parser.add_argument("--system", action="store_true", help="also where this is no venv but the system's Python")


def run(given: argparse.Namespace) -> int:
    if not switch_file.is_environment() and not given.system:
        print(
            f"未停用：{sys.executable} 是系统的 Python，不是虚拟环境；要停用系统的请加 --system\n"
            "not disabled: this is the system's Python, no venv; add --system to disable that one",
            file=sys.stderr,
        )
        return 1
    path = switch_file.site_packages() / switch_file.NAME
    try:
        with switch_file.alone():
            found = switch_file.read(path)
            if found is not None:
                path.unlink()
    except (OSError, ValueError) as error:
        print(f"未停用：{path} 请查看并自行删除\nnot disabled: {error}", file=sys.stderr)
        return 1
    said = "已停用，文件已删除 / disabled, file removed" if found else "本来未启用 / was not enabled"
    print(f"{said}: {path}")
    return 0
