"""Mail to many, for who may be mailed."""
