"""Limits of a file. They keep memory and time bounded whatever somebody sends."""

MOST_PACKED = 100 * 1024**2
"""Bytes of an archive or a workbook as it was sent."""
MOST_BYTES = 2 * 1024**3
"""Bytes once unpacked, counted while they come."""
MOST_RATIO = 200
RATIO_FROM = 1024**2
"""Small entries may be packed as well as they like."""
MOST_ENTRIES = 1_000
MOST_SHARED = 100_000_000
"""Characters of a workbook's shared texts, which stay in memory."""
MOST_SHARED_TEXTS = 1_000_000
MOST_LINE = 1024**2
"""Characters of a line of text; the longest row seen in the wild had 40,000."""
MOST_LINES_OF_A_ROW = 200
MOST_CELL = 32_767
"""Characters, as in Excel."""
MOST_COLUMNS = 300
MOST_DEPTH = 64
MOST_SCANNED = 64 * 1024**2
"""Characters of XML or JSON read through before the first row is given out."""
SAMPLED_ROWS = 500
HEADING_WITHIN = 30
CHUNK = 64 * 1024
