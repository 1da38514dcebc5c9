"""Replying: mail to customers in the thread of their ticket, each of which leaves once, or is known to be unknown."""
