"""The brief: everything about a party, each block from the feature or plugin that owns it."""
