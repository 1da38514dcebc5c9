"""It sleeps where a save waits for it."""
