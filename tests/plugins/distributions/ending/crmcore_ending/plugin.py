"""It ends the transaction of others, by what it is lent."""

from crmcore.api import Plugin, PluginError, Quality, impl

PLUGIN = Plugin(name="ending", title="It ends the transaction of others, by what it is lent.")


REFUSED = []


def _end(lent):
    for name in ("commit", "rollback", "abandon", "release", "close", "connection", "begin", "dispatcher"):
        try:
            getattr(lent, name)()
        except PluginError:
            REFUSED.append(name)
    try:
        lent.actor = None
    except PluginError:
        REFUSED.append("actor")


@impl
def crm_before_save(changes, tx):
    _end(tx)


@impl
def crm_apply(changes, tx):
    _end(tx)


@impl
def crm_on_event(event, tx):
    _end(tx)


@impl
def crm_brief(subject, reader):
    _end(reader)


@impl
def crm_quality(reader):
    _end(reader)
    return [Quality(title="refused", total=len(REFUSED), bad=0)]
