"""What we promise: service levels, the clocks of tickets and work orders, and what happens when they run out."""
