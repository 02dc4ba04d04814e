"""From an untrusted file to checked rows; nobody who analyses ever opens it."""
