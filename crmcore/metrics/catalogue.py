"""Which figures there are, and which plugin each is from."""

from attrs import frozen

from crmcore.errors import NotFound
from crmcore.hooks.metrics import Metric
from crmcore.i18n import _
from crmcore.plugins.dispatch import Dispatcher


@frozen(kw_only=True, eq=False)
class Known:
    """A figure and the plugin that declares it."""

    plugin: str
    metric: Metric


def catalogue(dispatcher: Dispatcher) -> list[Known]:
    """Return all figures of the core and the enabled plugins, the core's first.

    One that a plugin declares under a name that is taken is left out, and the plugin is named in the failures.
    """
    return [Known(plugin=plugin, metric=one) for plugin, one in dispatcher.declared_by_plugin("crm_metrics")]


def named(dispatcher: Dispatcher, name: str) -> Known:
    """Return the figure of a name; raises `NotFound`."""
    known = catalogue(dispatcher)
    found = next((one for one in known if one.metric.name == name), None)
    if found is None:
        raise NotFound(
            _("There is no figure “{name}”; there are: {known}.").format(
                name=name, known=", ".join(one.metric.name for one in known)
            )
        )
    return found
