"""Its entry point leads to nothing."""
