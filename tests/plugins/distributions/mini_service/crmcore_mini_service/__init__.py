"""Tickets: who has a problem."""
