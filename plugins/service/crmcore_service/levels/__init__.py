"""Service levels: how long the clocks may run, and who is told when they run out."""
