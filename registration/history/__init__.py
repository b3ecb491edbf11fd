"""What happened at a meeting, from all three histories in one order: read on a screen, exported for an auditor."""
