"""`page`: the testbed's training page by itself, over the testbed's own data and model services."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import types

from ..messages import page as messages
from . import options, ports
from .run import add_slots, chosen, prepare

_HERE = "127.0.0.1"
# What image_service imports.
_IMAGE_SEARCH = ("torch", "transformers", "cv2", "PIL")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = str(messages.ABOUT), str(messages.EXAMPLES)
    add_slots(parser)
    parser.add_argument(
        "--port", type=lambda text: options.whole(text, 0, 65536), default=ports.PAGE, help=str(messages.PORT)
    )


def run(given: argparse.Namespace) -> int:
    model = chosen(given)
    if model is None:
        return 1
    page = given.testbed / "src" / "search_engine" / "training_tab" / "training_tab.py"
    if not page.is_file():
        given.refuse(str(messages.NO_TESTBED.format(testbed=given.testbed, file=page)))
    port = given.port or ports.free_above(ports.PAGE)
    if ports.is_taken(port):
        print(ports.said(port, messages.TAKEN), file=sys.stderr)
        return 1
    print(messages.STARTING, file=sys.stderr, flush=True)
    # It is told where nothing of gradio's is imported yet: no statistics are sent.
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    prepare(str(given.testbed), model, "page")
    sys.path.insert(0, os.path.join(os.getcwd(), "src"))
    _serve(port)
    return 0


def _serve(port: int) -> None:
    do_without_image_search()
    if importlib.util.find_spec("llamafactory") is None:
        print(messages.NO_LLMOPS, file=sys.stderr, flush=True)
    import gradio
    from search_engine.service_manager import service_manager
    from search_engine.training_tab import build_training_tab

    models, data = service_manager.model_service, service_manager.data_service
    with gradio.Blocks(title="第七部分：数据回收训练") as page:  # as the testbed's portal has it
        build_training_tab(models, data)
    _, url, _ = page.launch(server_name=_HERE, server_port=port, prevent_thread_lock=True, quiet=True)
    print(messages.READY.format(url=url), file=sys.stderr, flush=True)
    page.block_thread()


def do_without_image_search() -> None:
    """service_manager, through which the page reaches the other services, imports the image search at its top; the
    page never asks it. Where one of its packages is missing, an empty ImageService stands there."""
    if any(importlib.util.find_spec(name) is None for name in _IMAGE_SEARCH):
        module = types.ModuleType("search_engine.image_service")
        vars(module)["ImageService"] = type("ImageService", (), {})
        sys.modules[module.__name__] = module
