"""Whom to call: lists, asked for through the policy at each call."""
