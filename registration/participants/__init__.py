"""The official list of participants: who stands in it, in what order, under which headings, as which document."""
