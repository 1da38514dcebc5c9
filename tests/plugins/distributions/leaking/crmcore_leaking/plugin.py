"""It takes memory and keeps it."""

import resource

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="leaking", title="It takes memory and keeps it.")


KEPT = []


@impl
def crm_quality(reader):
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    KEPT.append(bytearray(largest))  # more than the process ever had, whatever ran before
    KEPT[-1][:: resource.getpagesize()] = b"x" * len(range(0, largest, resource.getpagesize()))
    return []
