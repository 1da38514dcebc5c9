"""Campaigns: what is planned, what it costs, who takes part, and every touch between them and people."""
