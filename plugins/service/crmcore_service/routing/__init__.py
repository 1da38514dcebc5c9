"""Queues and categories, and who gets a ticket."""
