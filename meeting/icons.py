"""The drawings of the look: one path each on a 24 by 24 grid, drawn in the colour of the words beside them."""

ICONS = {
    "calendar": '<path d="M4 6h16v14H4zM4 10h16M8 3v4M16 3v4"/>',
    "place": '<path d="M12 21s7-6.5 7-11.5A7 7 0 005 9.5C5 14.5 12 21 12 21z"/><circle cx="12" cy="9.5" r="2.5"/>',
    "people": '<circle cx="9" cy="8.5" r="3.5"/><path d="M3 20c0-4 2.5-6 6-6s6 2 6 6M16 5.5a3.5 3.5 0 010 6M18 14.5c2 .7 3 2.5 3 5.5"/>',  # noqa: E501
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.7v.2"/>',
    "globe": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18"/>',
    "document": '<path d="M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6"/>',
    "warning": '<path d="M12 3l9.5 17h-19zM12 10v4.5M12 17.3v.2"/>',
    "lock": '<path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 017 0v3"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.5l3.5 2"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="M16 16l5 5"/>',
    "mail": '<path d="M3 6h18v13H3zM3 7l9 7 9-7"/>',
    "larger": '<circle cx="11" cy="11" r="6.5"/><path d="M16 16l5 5M8 11h6M11 8v6"/>',
    "smaller": '<circle cx="11" cy="11" r="6.5"/><path d="M16 16l5 5M8 11h6"/>',
    "fit": '<path d="M4 5v14M20 5v14M7.5 12h9M10 9l-3 3 3 3M14 9l3 3-3 3"/>',
    "check": '<path d="M4 12.5l5 5L20 6.5"/>',
    "ask": '<path d="M8.5 9a3.5 3.5 0 117 0c0 2.5-3.5 2.8-3.5 5.5M12 18.3v.2"/>',
    "close": '<path d="M5 5l14 14M19 5L5 19"/>',
    "down": '<path d="M6 9l6 6 6-6"/>',
    "up": '<path d="M6 15l6-6 6 6"/>',
    "back": '<path d="M15 5l-7 7 7 7"/>',
    "forward": '<path d="M9 5l7 7-7 7"/>',
    "undo": '<path d="M8 4L3 9l5 5M3 9h11a6 6 0 010 12h-3"/>',
    "download": '<path d="M12 4v11M7 11l5 5 5-5M4 20h16"/>',
    "upload": '<path d="M12 16V5M7 9l5-5 5 5M4 20h16"/>',
    "print": '<path d="M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4 21c0-4.5 3-7 8-7s8 2.5 8 7"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "grip": '<path d="M9 6v.1M15 6v.1M9 12v.1M15 12v.1M9 18v.1M15 18v.1"/>',
    "placard": '<path d="M3 5h18v9H3zM3 14l-1 5h20l-1-5M7 9.5h10"/>',
}
# Those that point along the line of reading, and turn with it.
DIRECTED = {"back", "forward", "undo"}
