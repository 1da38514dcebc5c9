"""The plugin's tables, by subject; all in one set of metadata."""

from crmcore_callcenter.tables.agents import (
    agent,
    callback,
    member,
    presence,
    presence_call,
    presence_mark,
    queue,
    wrap_code,
)
from crmcore_callcenter.tables.base import metadata
from crmcore_callcenter.tables.calls import call, call_key, heard, joined, leg
from crmcore_callcenter.tables.lines import hearing, line
from crmcore_callcenter.tables.outbound import calling_list, entry, script, script_run

__all__ = [
    "agent",
    "call",
    "call_key",
    "callback",
    "calling_list",
    "entry",
    "heard",
    "hearing",
    "joined",
    "leg",
    "line",
    "member",
    "metadata",
    "presence",
    "presence_call",
    "presence_mark",
    "queue",
    "script",
    "script_run",
    "wrap_code",
]
