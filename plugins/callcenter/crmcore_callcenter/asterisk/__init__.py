"""What Asterisk says: its manager interface, and its logs of calls, channels and queues."""
