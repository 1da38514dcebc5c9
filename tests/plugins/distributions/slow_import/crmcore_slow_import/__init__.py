"""Its import takes more than a second."""
