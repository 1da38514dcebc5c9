"""What plugins say is wrong with their own work."""

from collections.abc import Iterator

from sqlalchemy import Connection

from crmcore.app import App
from crmcore.health.diagnosis import Diagnosis, odd, wrong


def troubles(_connection: Connection, app: App) -> Iterator[Diagnosis]:
    """Yield what each plugin tells; the part of one that fails is missing, and told as its failure."""
    with app.read() as reader:
        for plugin, one in app.assembly.dispatcher.collect_by_plugin("crm_health", reader=reader):
            yield (wrong if one.severity == "error" else odd)(one.what, one.message, plugin=plugin, since=one.since)
