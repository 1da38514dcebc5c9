"""It asks to be called back, objects to visits, and tries to reach out."""
