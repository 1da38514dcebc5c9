"""Budgets: how a sum is best split, judged by what orders cost in the past."""
