"""It quits the process from every hook."""
