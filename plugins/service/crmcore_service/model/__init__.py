"""The records that service keeps."""
