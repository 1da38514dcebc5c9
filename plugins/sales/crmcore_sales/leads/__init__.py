"""Leads: who may want something, contacted in time, then accepted or rejected with a reason; none is lost."""
