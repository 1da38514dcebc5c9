"""It keeps the core from deleting."""
