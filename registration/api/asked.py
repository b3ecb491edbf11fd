"""What may be asked, as the OpenAPI document says it: anything else is refused before it is looked at."""

from typing import Annotated

from ninja import Path, Query

MOST = 500
Slug = Annotated[str, Path(pattern="^[-a-zA-Z0-9_]{1,80}$")]
Language = Annotated[str, Query(pattern="^[a-z-]{0,10}$")]
After = Annotated[str, Query(pattern="^[-a-zA-Z0-9_:]{0,100}$")]
Limit = Annotated[int, Query(ge=1, le=MOST)]
