"""Definitions: what an integrator says in TOML, applied to a workspace without code and without restart."""
