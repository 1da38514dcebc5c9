"""It prints when it is imported, and in its hooks."""

import sys

from crmcore.api import Plugin, impl

print("hello, I am here")  # noqa: T201
PLUGIN = Plugin(name="printing", title="It prints when it is imported, and in its hooks.")


@impl
def crm_brief(subject):
    print("a brief about", subject.name)  # noqa: T201
    sys.stdout = open("/dev/null", "w")  # noqa: SIM115, PTH123 # and keeps it
    return []


@impl
def crm_before_save(changes):
    print("saving")  # noqa: T201


@impl
def crm_formats():
    print("formats")  # noqa: T201
    return []
