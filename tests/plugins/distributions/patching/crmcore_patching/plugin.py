"""It changes the code of the host when it is imported."""

import pluggy

from crmcore.api import Plugin, Transaction, impl
from crmcore.plugins.dispatch import Dispatcher

PLUGIN = Plugin(name="patching", title="It changes the code of the host when it is imported.")


def _nothing(*_given, **_named):
    return []


pluggy.PluginManager.register = _nothing
Dispatcher.veto = _nothing
Transaction.commit = _nothing
Transaction.extra = _nothing


@impl
def crm_quality(reader):
    return []
