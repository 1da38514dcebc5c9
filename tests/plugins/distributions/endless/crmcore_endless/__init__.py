"""Its answer never ends."""
