"""The library, the switch, and which class stands in which of the testbed's slots."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any, Optional

from .. import _library, hook, packages, switch_file
from .environment import pip_command
from .finding import BAD, NOTE, OK, Finding

_UNUSABLE = "模型库不可用"
# Clashes of packages that pip itself puts together: what the error names, and what mends it.
_CLASHES = {"HfFolder": '"huggingface_hub<1"'}  # gradio 4, all there is for Python 3.9


def library(answer: dict[str, Any]) -> list[Finding]:
    if "error" in answer:
        if answer["kind"] == "ModuleNotFoundError" and answer["missing"]:
            name = packages.pip_name(answer["missing"])
            return [Finding(BAD, f"{_UNUSABLE}：缺少 {name}", "a package is missing", pip_command(name, None))]
        return [Finding(BAD, f"{_UNUSABLE}：{answer['error']}", "the library cannot be used")]
    said = Finding(OK, answer["path"]), Finding(OK, f"{answer['build']}; ABI {answer['abi']}")
    if not answer["predicts"]:
        return [*said, Finding(BAD, "训练后的预测不是概率", "after training it predicts no probabilities")]
    tried = Finding(OK, f"可训练、可预测；本包使用 ABI {_library.ABI_VERSION}", "trains and predicts")
    return [*said, tried]


def switch() -> list[Finding]:
    found = []
    variable = os.environ.get(hook.ENVIRONMENT_VARIABLE)
    name = hook.ENVIRONMENT_VARIABLE
    try:
        if hook.chosen() == hook.BESIDE_LR:
            found.append(
                Finding(OK, f"{name}={hook.BESIDE_LR}：第一槽位保持逻辑回归，第二槽位为 Wide & Deep", "LR, ours")
            )
        elif hook.chosen() == hook.HOST_ITSELF:
            found.append(
                Finding(NOTE, f"{name}={variable}：测试床保持逻辑回归", "the testbed keeps its LR", f"unset {name}")
            )
        else:
            found.append(
                Finding(OK, f"{name}={variable}" if variable else f"{name} 未设置：{hook.WIDE_DEEP}", "Wide & Deep")
            )
    except ValueError as error:
        found.append(Finding(BAD, str(error), f"no such model; {' or '.join(hook.CHOICES)}", f"unset {name}"))
    try:
        files = switch_file.find()
    except ValueError as error:
        return [*found, Finding(BAD, f"开关文件已被改动：{error}", "", "python -m testbed_adapter enable")]
    except OSError as error:
        return [*found, Finding(BAD, f"开关文件无法读取：{error}", "the switch's file cannot be read")]
    for file in files:
        found.append(_of_file(file))
    if not files:
        how = "用 python -m testbed_adapter run 启动，或 or: python -m testbed_adapter enable"
        found.append(Finding(NOTE, "本环境未启用开关", "this environment is not switched by itself", how))
    return found


def _of_file(file: switch_file.SwitchFile) -> Finding:
    if file.folder is not None and not (file.folder / "testbed_adapter").is_dir():
        return Finding(
            BAD, f"开关 {file.path} 指向的 {file.folder} 已不存在", "the switch's package is gone", f"rm {file.path}"
        )
    where = f"，来自 from {file.folder}" if file.folder else ""
    return Finding(OK, f"本环境已启用（{file.model}{where}）：{file.path}", "enabled in this environment")


def slots(answer: dict[str, Any], testbed: Path) -> list[Finding]:
    found = []
    for label, slot in answer["slots"].items():
        if "error" in slot:
            return [_not_imported(slot, testbed)]
        ours = slot["class"].startswith("testbed_adapter.")
        wanting = (hook.WIDE_DEEP, hook.BESIDE_LR) if label == "wide_and_deep" else (hook.WIDE_DEEP,)
        is_wanted = answer["model"] in wanting
        if ours == is_wanted:
            found.append(Finding(OK, f"{label}: {slot['class']}"))
        else:
            wanted = "Wide & Deep" if is_wanted else "the testbed's own"
            found.append(Finding(BAD, f"{label}: {slot['class']}", f"wanted: {wanted}"))
    plain = "已切换 switched" if answer["switched at start"] else "未切换 not switched（用 run，或 enable）"
    found.append(Finding(OK, f"直接运行 python start_system.py：{plain}"))
    return found


def _not_imported(slot: dict[str, Any], testbed: Path) -> Finding:
    missing: Optional[str] = slot["missing"]
    if slot["kind"] == "ModuleNotFoundError" and missing and not missing.startswith("search_engine"):
        name = packages.pip_name(missing)
        return Finding(
            BAD, f"测试床无法导入：缺少 {name}", "the testbed cannot be imported", pip_command(name, testbed)
        )
    told = re.sub(r"\s+", " ", f"{slot['kind']}: {slot['error']}")
    mends = [packages for named, packages in _CLASHES.items() if named in told]
    todo = f"{sys.executable} -m pip install {mends[0]}" if mends else ""
    return Finding(BAD, f"测试床无法导入：{told}", "the testbed cannot be imported", todo)
