"""It computes for ever while somebody waits for figures."""
