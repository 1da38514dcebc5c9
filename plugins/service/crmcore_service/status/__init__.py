"""The customer's own status page."""
