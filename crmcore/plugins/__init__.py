"""Plugins: found, checked, enabled, called."""
