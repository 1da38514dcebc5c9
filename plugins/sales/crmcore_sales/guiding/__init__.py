"""What to do next: whom to visit, what to offer, what has worked."""
