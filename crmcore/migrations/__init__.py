"""The core's schema history. Each plugin distribution has one of its own, run by the same environment."""
