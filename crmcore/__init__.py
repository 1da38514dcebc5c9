"""crmcore: a small core for customer relationships, and plugins that add processes to it."""

__version__ = "0.1.0"
