"""The records that the call centre keeps."""
