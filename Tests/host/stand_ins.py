"""What a test machine lacks of the real testbed: the image search's model and the graph server.

Call before anything of `search_engine` is imported. What CTR models touch (data, index and model services, the pages)
stays the testbed's own; where the real thing is there, it is used.
"""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import Any

IMAGE_SEARCH = ("torch", "transformers", "cv2", "PIL")


class NoGraph:
    """Stands for KGRetrievalService: without a JanusGraph server on port 8182 no IndexService can be made."""

    def __init__(self, **options: Any) -> None:
        del options

    def register_financial_knowledge_ontology_services(self, index_service: Any) -> None:
        """There is no graph to register with."""


def replace_image_search() -> list[str]:
    """Where one of its packages is missing, puts an empty ImageService in its place; returns what is missing.

    `service_manager`, through which the testbed's pages and `rank` reach the other services, imports it at its top.
    """
    missing = [name for name in IMAGE_SEARCH if importlib.util.find_spec(name) is None]
    if missing:
        module = ModuleType("search_engine.image_service")
        module.ImageService = type("ImageService", (), {})  # type: ignore[attr-defined]
        sys.modules[module.__name__] = module
    return missing


def replace_graph() -> None:
    """An IndexService made after this asks no graph server."""
    from search_engine import index_service

    index_service.KGRetrievalService = NoGraph
