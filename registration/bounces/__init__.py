"""What became of messages after they had left: reports that come back, and addresses that do not work."""
