"""What will be sold, by when, and how far such figures were right before."""
