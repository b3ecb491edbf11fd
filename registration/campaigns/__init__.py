"""Writing to many. Who gets a message is settled when it starts; then row by row by whichever worker is there.

A row leaves the state `waiting` in the transaction that writes its message. So a worker may be killed at any moment,
two may work on the same list, and the button may be pressed any number of times: everybody is written to once.
"""
