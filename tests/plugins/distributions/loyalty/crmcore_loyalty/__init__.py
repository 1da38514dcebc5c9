"""Cards on which returning customers collect stamps."""
