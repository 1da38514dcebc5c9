"""Installed products, their warranty, and contracts."""
