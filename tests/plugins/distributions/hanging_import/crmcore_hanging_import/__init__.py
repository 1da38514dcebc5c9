"""Its import never ends."""
