"""Fields of a workspace's own: their values in the `custom` column of a record, checked and computed in one place."""
