"""Delivery at the end of a command that wrote, where no worker does it: bounded, and never the command's failure."""

from crmcore.app import App
from crmcore.delivery.rules import rules
from crmcore.delivery.run import deliver
from crmcore.delivery.workers import is_anybody_working
from crmcore.engine.workspace import explained
from crmcore.errors import CrmError
from crmcore.i18n import _

SECONDS = 2.0
"""How long a command may take at its end."""


def after_command(app: App) -> str:
    """Deliver what is waiting; return the sentence to tell about what went wrong, empty when nothing did."""
    try:
        with explained(app.engine):
            with app.read() as reader:
                if rules(reader.connection).by_worker or is_anybody_working(reader.connection):
                    return ""
            report = deliver(app, seconds=SECONDS)
    except CrmError as error:
        return _("What happened was not told to plugins yet: {why}").format(why=error)
    if report.failed:
        said = _("{n} deliveries to plugins failed and are tried again; see `crm delivery list`.")
        return said.format(n=report.failed)
    if not report.is_idle:
        return _("Plugins hear of the rest after the next command, or at once by `crm worker --once`.")
    return ""
