"""What other systems may read: the published list for everybody, attendees for those who hold a token."""
