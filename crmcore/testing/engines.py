"""Engines that share the statements they compile: a test needs not compile anew what another has compiled."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import URL, Dialect, Engine, create_engine, make_url
from sqlalchemy.util import LRUCache

from crmcore.engine import database

_KEPT = 2_000


@contextmanager
def sharing() -> Iterator[None]:
    """Let the engines for databases of one kind share a dialect and the statements that are compiled for it.

    It is as in one process that has a single workspace open for long.
    """
    shared: dict[str, tuple[Dialect, LRUCache[Any, Any]]] = {}

    def create_sharing(url: str | URL, **options: Any) -> Engine:
        dialect, _statements = shared.get(make_url(url).get_backend_name(), (None, None))
        knows_server = hasattr(dialect, "server_version_info")  # the first to connect has asked
        engine = create_engine(url, _initialize=not knows_server, **options)
        engine.dialect, statements = shared.setdefault(engine.name, (engine.dialect, LRUCache(_KEPT)))
        engine.update_execution_options(compiled_cache=statements)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "create_engine", create_sharing)
        yield
