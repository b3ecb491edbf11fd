"""The list of participants as it stood."""
