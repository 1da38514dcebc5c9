"""Settings: the core's own, setting and unsetting any, and secrets, which lie elsewhere."""
