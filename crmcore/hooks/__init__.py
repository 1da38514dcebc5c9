"""Hook specifications: where a plugin can join in."""
