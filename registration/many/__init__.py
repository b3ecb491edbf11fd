"""Decisions on many: written down once, then carried out row by row by whichever worker is there.

A row leaves the state `waiting` in the transaction of its decision. So a worker may be killed at any moment, two may
work on the same list, and whatever is left is taken up again: nobody is decided on twice, and nobody is mailed twice.
"""
