"""A worker that outlives its broker.

When the broker goes away while tasks are unacknowledged, kombu 5.7 wants to put them back, and later to acknowledge
them, over a connection it has already taken apart. It is ready for a ConnectionError, but an AttributeError comes,
which ends the whole worker. Such tasks need nothing: the broker hands them out again after the visibility timeout.
"""

from typing import Any

from kombu.transport.redis import Channel
from redis.exceptions import ConnectionError as BrokerLostError

_connparams = Channel._connparams


def connparams_of_a_live_connection(channel: Channel, *args: Any, **kwargs: Any) -> dict[str, Any]:
    if channel.connection is None or channel.connection.client is None:
        raise BrokerLostError("this channel's connection is closed")
    return _connparams(channel, *args, **kwargs)


Channel._connparams = connparams_of_a_live_connection  # type: ignore[method-assign, assignment]
