"""It asks for an argument that is not there."""
