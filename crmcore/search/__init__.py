"""Search: names and texts, by any part of a word, in any script."""
