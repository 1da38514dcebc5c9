"""What telephone systems tell of calls, in one language whatever the system."""
