"""It changes the code of the host when it is imported."""
