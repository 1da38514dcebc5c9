"""Its format fails while a file is read, and says it can read everything."""
