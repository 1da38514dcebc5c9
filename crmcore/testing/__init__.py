"""A pytest plugin and a conformance kit for authors of plugins."""
