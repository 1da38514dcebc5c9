"""It raises what only the interpreter should."""
