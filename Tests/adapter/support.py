"""Seeded click logs, and Python processes of their own: what the adapter's tests share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]

Record = dict[str, Any]

_SUBJECTS = [
    "机器学习",
    "深度学习",
    "自然语言",
    "搜索引擎",
    "推荐系统",
    "数据库",
    "操作系统",
    "计算机网络",
    "知识图谱",
    "强化学习",
]
_ASPECTS = ["入门", "教程", "原理", "实战", "面试题", "论文", "框架", "比较"]
_FILLER = [
    "本文介绍",
    "的基本概念",
    "，以及",
    "常见的方法",
    "；附有例子。",
    "适合初学者",
    " Python 代码",
    "与参考资料",
    "2024 年版",
]


def click_log(count: int, seed: int = 0) -> list[Record]:
    """Records in time order, clicked by position, by whether the subjects agree, and by the document."""
    random = np.random.default_rng(seed)
    documents = []
    for number in range(60):
        subject = int(random.integers(len(_SUBJECTS)))
        text = _SUBJECTS[subject] + "".join(random.permutation(_FILLER)[:5])
        documents.append((f"doc{number}", subject, text, float(random.normal())))
    records = []
    for number in range(count):
        subject = int(random.integers(len(_SUBJECTS)))
        doc_id, about, summary, quality = documents[int(random.integers(len(documents)))]
        position = number % 10 + 1
        logit = -0.8 - 0.25 * position + 2.0 * (about == subject) + 0.8 * quality
        records.append(
            {
                "timestamp": f"2025-07-{1 + number // 86400:02d} {number // 3600 % 24:02d}:{number // 60 % 60:02d}:"
                f"{number % 60:02d}",
                "query": _SUBJECTS[subject] + _ASPECTS[int(random.integers(len(_ASPECTS)))],
                "doc_id": doc_id,
                "position": position,
                "score": float(np.round(random.random(), 6)),
                "summary": summary,
                "doc_length": len(summary) + int(random.integers(50)),
                "clicked": int(random.random() < 1 / (1 + np.exp(-logit))),
            }
        )
    return records


def impression(record: Record) -> tuple[str, str, int, float, str]:
    """A record as the arguments of predict_ctr."""
    return record["query"], record["doc_id"], record["position"], record["score"], record["summary"]


def python(code: str, *arguments: str, cwd: Any = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs code in a Python process of its own, the checkout on its path."""
    inherited = {name: value for name, value in os.environ.items() if name != "CTR_MODEL"}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        errors="replace",
        cwd=cwd,
        env={**inherited, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment},
        timeout=120,
        check=False,
    )
