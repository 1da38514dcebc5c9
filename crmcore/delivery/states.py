"""The states of a delivery that did not succeed at once."""

WAITING = "waiting"
"""To be tried again at its time, or as soon as no other about the same record is before it."""

PARKED = "parked"
"""Set aside after too many attempts; those about the same record wait behind it until it is retried or dropped."""

CUT = "cut"
"""Not delivered, because it is part of a loop; nothing waits behind it."""

STATES = (WAITING, PARKED, CUT)
