"""Samples for customers: a plugin of crmcore."""
