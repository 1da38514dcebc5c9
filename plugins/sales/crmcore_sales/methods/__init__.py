"""Sales methods over neutral evidence: the hook they implement, and what they find."""
