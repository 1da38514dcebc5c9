"""Selecting: contacts and customers chosen by a CEL expression, compiled to one SQL statement."""
