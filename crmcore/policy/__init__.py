"""Policy: consent, quiet hours, and asking before acting."""
