"""Letters that the organisers issue: confirmation, invitation, certificate.

A letter is a row with a number, a code and what it says. Its PDF is drawn from that whenever somebody asks for it, and
is the same each time. Whoever holds one asks the public page of its code whether it is genuine and still counts.
"""
