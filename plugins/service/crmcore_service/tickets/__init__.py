"""Tickets: opening, threading, moving, merging, listing."""
