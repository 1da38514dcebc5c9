"""Attribution: which campaigns won business came from, what it brought, and what it had cost."""
