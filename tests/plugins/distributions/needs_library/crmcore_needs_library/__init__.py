"""It needs a library that is not there."""
