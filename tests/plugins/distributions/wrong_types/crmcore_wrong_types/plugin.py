"""It answers what nobody asked for."""

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="wrong_types", title="It answers what nobody asked for.")


@impl
def crm_formats():
    return 7


@impl
def crm_brief(subject):
    return {"title": "no block"}


@impl
def crm_quality(reader):
    return "a text"


@impl
def crm_timeline(subject):
    yield object()


@impl
def crm_before_save(changes):
    if any(change.after.get("name") == "Quit" for change in changes):
        return [b"bytes"]
    return None


@impl
def crm_apply(changes):
    return "nobody asked for an answer"
