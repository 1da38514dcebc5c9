"""Agents, the queues they answer, and what they are doing."""
