"""The bytes of a picture without what is not needed to see it. No pixel is unpacked, so that none changes."""

import re

NEXT = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""The mark after the pixels of a scan: no stuffed byte, no restart."""
START, END, SCAN, BASELINE, JFIF, ADOBE = b"\xff\xd8", 0xD9, 0xDA, 0xC0, 0xE0, 0xEE
NEEDED = {BASELINE, 0xC4, 0xDB, 0xDD, SCAN}
TOLD = {*range(0xE0, 0xF0), 0xFE}
"""What applications tell, and comments."""
SIGNATURE = b"\x89PNG\r\n\x1a\n"
CRITICAL = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


def jpeg(data: bytes) -> bytes | None:
    """None for what is no whole baseline JPEG: it must be written again."""
    kept, at = [START], data.find(b"\xff", 2)
    while at >= 0 and (code := data[at + 1 : at + 2]):
        if code[0] == END:
            return b"".join(kept) + b"\xff\xd9"
        size = int.from_bytes(data[at + 2 : at + 4])
        segment, at = data[at : at + 2 + size], at + 2 + size
        if code[0] == SCAN:
            found = NEXT.search(data, at)
            segment, at = segment + data[at : found.start()] if found else b"", found.start() if found else -1
        if code[0] not in NEEDED and code[0] not in TOLD:
            return None
        kept.append(needed(code[0], segment))
    return None


def needed(code: int, segment: bytes) -> bytes:
    """Of what applications tell only how the colours are written, and no small picture of it."""
    if code == JFIF and segment[4:9] == b"JFIF\0" and len(segment) >= 18:
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0"
    if code == ADOBE and segment[4:9] == b"Adobe" and len(segment) >= 16:
        return b"\xff\xee\x00\x0e" + segment[4:16]
    return segment if code in NEEDED else b""


def png(data: bytes) -> bytes | None:
    """None for what does not end as a PNG does."""
    kept, at = [SIGNATURE], len(SIGNATURE)
    while len(data) >= at + 12:
        size, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if name in CRITICAL:
            kept.append(data[at : at + 12 + size])
        if name == b"IEND":
            return b"".join(kept)
        at += 12 + size
    return None
