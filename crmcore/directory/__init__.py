"""The directory: finding, showing and editing customers, contacts and users."""
