"""What a test machine lacks of the real testbed: the graph server.

What CTR models touch (data, index and model services, the pages)
stays the testbed's own; where the real thing is there, it is used.
"""

from __future__ import annotations

from typing import Any


class NoGraph:
    """Stands for KGRetrievalService: without a JanusGraph server on port 8182 no IndexService can be made."""

    def __init__(self, **options: Any) -> None:
        del options

    def register_financial_knowledge_ontology_services(self, index_service: Any) -> None:
        """There is no graph to register with."""


def replace_graph() -> None:
    """An IndexService made after this asks no graph server."""
    from search_engine import index_service

    index_service.KGRetrievalService = NoGraph
