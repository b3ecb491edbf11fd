"""From a query string to rows and columns: the one way that page, exports and whatever is derived from them take."""

from __future__ import annotations

from django.http import QueryDict

from meeting.models import Meeting, User

from .. import rules
from .asked import AskedColumn, columns_of
from .columns import Columns, asked_of, columns_for
from .filters import PeopleFilter, people_of
from .rows import ListQuery


def wanted_by(user: User, meeting: Meeting, data: QueryDict) -> tuple[ListQuery, Columns]:
    """The list that `data` asks for, of those whom `user` may read, and the columns that may leave with it.

    What cannot be understood is left out. Whether `user` may export at all is for the caller to ask.
    """
    answers = columns_of(meeting, user)
    asked = PeopleFilter(data, meeting, answers, user)
    wanted = ListQuery(meeting, asked.narrow(people_of(meeting, user)), asked.active(), asked.order)
    with_contact = rules.can_read_contact(user, meeting)
    return wanted, leaving(asked, answers, with_contact=with_contact, with_needs=data.get("with") == "needs")


def leaving(
    asked: PeopleFilter, answers: list[AskedColumn], *, with_contact: bool = True, with_needs: bool = False
) -> Columns:
    """The columns chosen, else the usual ones. Restricted answers leave only where they are asked for: those that are
    shown, or all with `with=needs`.
    """
    chosen = asked.chosen(with_contact=with_contact)
    if not chosen:
        open_ones = [c for c in answers if with_needs or not c.is_restricted or c in asked.shown]
        return columns_for(with_contact=with_contact, asked=open_ones)
    more = [c for c in answers if c not in chosen and (c in asked.shown or (with_needs and c.is_restricted))]
    # Answers come last: they leave the database as one array.
    plain = [c for c in chosen if not isinstance(c, AskedColumn)]
    return [*plain, *asked_of(chosen), *more]
