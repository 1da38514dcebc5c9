"""The beginning of a plugin: a small distribution that works, rendered from a template in the package."""
