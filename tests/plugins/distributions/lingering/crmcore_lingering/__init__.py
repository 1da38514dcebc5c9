"""It sleeps after a save, before the commit."""
