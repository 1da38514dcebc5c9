"""It raises what only the interpreter should."""

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="interrupting", title="It raises what only the interpreter should.")


@impl
def crm_brief(subject):
    raise KeyboardInterrupt


@impl
def crm_quality(reader):
    raise GeneratorExit


@impl
def crm_timeline(subject):
    raise MemoryError


@impl
def crm_before_save(changes):
    if any(change.after.get("name") == "Quit" for change in changes):
        raise KeyboardInterrupt("no")
