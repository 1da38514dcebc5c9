"""It changes whatever it is given."""

from crmcore.api import Plugin, Quality, impl

PLUGIN = Plugin(name="mutating", title="It changes whatever it is given.")


REFUSED = []


def _try(change, *given):
    try:
        change(*given)
    except Exception as error:  # noqa: BLE001 # counted, and told as a figure
        REFUSED.append(type(error).__name__)


@impl
def crm_before_save(changes):
    for change in changes:
        _try(change.after.__setitem__, "name", "Mallory")
        _try(change.after.update, {"name": "Mallory"})
        _try(change.before.clear)
        _try(setattr, change, "after", {})
        _try(lambda: changes.pop())
        for value in change.after.values():
            if isinstance(value, list):
                _try(value.append, "Mallory")
            if isinstance(value, dict):
                _try(value.__setitem__, "name", "Mallory")
        object.__setattr__(change, "after", {"name": "Mallory"})
        object.__setattr__(change, "action", "removed")


@impl
def crm_apply(changes):
    for change in changes:
        dict.__setitem__(change.after, "name", "Mallory")
        object.__setattr__(change, "id", -1)


@impl
def crm_on_event(event):
    _try(event.data.__setitem__, "name", "Mallory")
    object.__setattr__(event, "subject_id", -1)


@impl
def crm_objections(acts):
    for act in acts:
        _try(setattr, act, "contact_id", -1)
        object.__setattr__(act, "contact_id", -1)
        object.__setattr__(act, "purpose", "transactional")


@impl
def crm_brief(subject):
    _try(setattr, subject, "name", "Mallory")
    object.__setattr__(subject, "name", "Mallory")
    object.__setattr__(subject, "contact_ids", ())


@impl
def crm_quality(reader):
    return [Quality(title="refused", total=len(REFUSED), bad=0)]
