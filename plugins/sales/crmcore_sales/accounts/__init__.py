"""Customers as accounts: tiers, contact plans, partners, channels, and their handing over."""
