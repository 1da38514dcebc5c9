"""It changes the process when it is imported."""
