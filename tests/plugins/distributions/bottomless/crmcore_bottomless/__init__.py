"""It calls itself until Python gives up."""
