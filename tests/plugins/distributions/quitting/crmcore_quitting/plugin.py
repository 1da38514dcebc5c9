"""It quits the process from every hook."""

import sys

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="quitting", title="It quits the process from every hook.")


@impl
def crm_formats():
    sys.exit("formats")


@impl
def crm_quality(reader):
    raise SystemExit(3)


@impl
def crm_brief(subject):
    sys.exit(0)


@impl
def crm_before_save(changes):
    if any(change.after.get("name") == "Quit" for change in changes):
        sys.exit("before save")


@impl
def crm_apply(changes):
    if any(change.after.get("name") == "Leave" for change in changes):
        raise SystemExit("apply")


@impl
def crm_on_event(event):
    sys.exit("event")
