"""The testbed's training page over the testbed's own services, Wide & Deep in its model slots.

python Tests/browser/server.py TESTBED, in a folder of its own with models/ctr_data.json. It prints "URL …" when the
page is there. Each line of its standard input names a slot to make the service's present model, which is what the page
evaluates: the page itself has no button for that. It ends with its standard input.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:1] = [str(ROOT), os.path.join(sys.argv[1], "src")]

import testbed_adapter  # noqa: E402

testbed_adapter.install()

from testbed_adapter.commands import page as training  # noqa: E402

training.do_without_image_search()

import gradio  # noqa: E402
from search_engine.service_manager import service_manager  # noqa: E402
from search_engine.training_tab import build_training_tab  # noqa: E402


def main() -> None:
    models, data = service_manager.model_service, service_manager.data_service
    with gradio.Blocks(title="第七部分：数据回收训练") as page:  # as the testbed's portal has it
        build_training_tab(models, data)
    _, url, _ = page.launch(prevent_thread_lock=True, quiet=True)
    print(f"URL {url}")
    for line in sys.stdin:
        print(f"SWITCHED {models.switch_model(line.strip())}")
    page.close()


main()
