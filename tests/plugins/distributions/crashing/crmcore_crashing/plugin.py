"""It crashes in the hooks that the variable CRASH_IN names."""

import os

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="crashing", title="It crashes")


def _crash(hook):
    if hook in os.environ.get("CRASH_IN", "").split():
        raise RuntimeError("boom")
    return ()


@impl
def crm_formats():
    return _crash("crm_formats")


@impl
def crm_entities():
    return _crash("crm_entities")


@impl
def crm_references():
    return _crash("crm_references")


@impl
def crm_brief(subject):
    return _crash("crm_brief")


@impl
def crm_quality(reader):
    return _crash("crm_quality")


@impl
def crm_before_save(changes):
    return _crash("crm_before_save")


@impl
def crm_apply(changes):
    _crash("crm_apply")


@impl
def crm_on_event(event):
    _crash("crm_on_event")


@impl
def crm_objections(acts):
    return _crash("crm_objections")
