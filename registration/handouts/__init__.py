"""Papers for the room: nameplates, seats, lists for the door and to sign, labels, and who is still missing."""
