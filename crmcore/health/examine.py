"""Looking at everything, each part on its own: what cannot be looked at is told, and the rest still is."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from crmcore.app import App
from crmcore.engine.database import reason
from crmcore.errors import CrmError
from crmcore.health import database, feeds, jobs, plugins, troubles, web
from crmcore.health.diagnosis import Diagnosis, wrong

Look = Callable[[Connection], Iterable[Diagnosis]]


def examine(app: App, core_commands: Iterable[str]) -> list[Diagnosis]:
    """Return everything that was looked at in a workspace, what is broken first; `core_commands` are the core's own."""
    assembly = app.assembly
    looks: dict[str, Look] = {
        "versions": database.versions,
        "database": database.soundness,
        "search index": database.indexes,
        "owners": database.owners,
        "plugin": partial(plugins.plugins, dispatcher=assembly.dispatcher),
        "command": partial(plugins.commands, core=frozenset(core_commands)),
        "time": partial(plugins.times, dispatcher=assembly.dispatcher),
        "delivery": partial(jobs.jobs, assembly=assembly),
        "feed": feeds.feeds,
        "web": partial(web.web, app=app),
        "trouble": partial(troubles.troubles, app=app),
    }
    found = [each for name, look in looks.items() for each in _looked(app, name, look)]
    return sorted(found, key=lambda one: _ORDER[one.severity])


_ORDER = {"error": 0, "warning": 1, "info": 2}


def _looked(app: App, name: str, look: Look) -> Iterator[Diagnosis]:
    try:
        with app.engine.connect() as connection:
            yield from list(look(connection))
    except DBAPIError as error:
        yield wrong(name, reason(error))
    except (SQLAlchemyError, sqlite3.Error, CrmError) as error:
        yield wrong(name, str(error))
