"""It sleeps while somebody waits for a brief."""
