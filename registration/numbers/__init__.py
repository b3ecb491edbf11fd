"""How many there are, of whom and since when: counted for people who decide by numbers."""
