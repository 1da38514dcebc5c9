"""It does not let itself be cut off, for two seconds."""
