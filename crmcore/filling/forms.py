"""The forms there are, and what they know already of people."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from crmcore.engine.borrowed import PluginReader
from crmcore.engine.filling import form_named
from crmcore.engine.reader import Reader
from crmcore.hooks.forms import Form

__all__ = ["answers_known", "form_named", "forms"]


def forms(reader: Reader | PluginReader) -> Sequence[Form]:
    """Return the forms that plugins declare, by their names."""
    return sorted(reader.declared("crm_forms"), key=lambda one: str(one.name))


def answers_known(
    reader: Reader | PluginReader, form: Form, contact_ids: Collection[int]
) -> Mapping[int, Mapping[str, Any]]:
    """Return what the form's owner knows already of contacts, by contact and question; empty where it tells nothing."""
    if form.known is None or not contact_ids:
        return {}
    found = form.known(reader, tuple(contact_ids))
    if not isinstance(found, Mapping):  # one that fails tells nothing
        return {}
    return {key: told for key, told in found.items() if isinstance(told, Mapping)}
