"""Its hook is not marked as one."""
