"""Automations: when an event happens and a condition holds, do something; exactly once, explained, without loops."""
