"""A meeting's ladder of reminders: for each thing that is missing some rungs, each climbed once by whom it is about."""
