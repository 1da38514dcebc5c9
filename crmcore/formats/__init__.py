"""File formats that ship with the core; each registers through the same hook as a plugin's."""
