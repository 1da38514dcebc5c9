"""Delivery of what happened to those who listen, after the commit and exactly once; and work on a schedule.

The journal is the outbox: writers pay nothing for it. Every subscriber has a position in it
(`crmcore.engine.positions`); what a handler does and the move of the position are one transaction.
"""
