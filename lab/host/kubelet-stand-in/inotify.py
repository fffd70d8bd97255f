"""What the kernel tells about a directory, without a package: inotify through the C library."""
import ctypes
import os
import struct

_libc = ctypes.CDLL(None, use_errno=True)
_HEADER = struct.Struct("iIII")
_MODIFY, _ATTRIB, _MOVED_FROM, _MOVED_TO, _CREATE, _DELETE = 0x2, 0x4, 0x40, 0x80, 0x100, 0x200
CHANGED = _MODIFY | _ATTRIB | _MOVED_TO | _CREATE
REMOVED = _MOVED_FROM | _DELETE


class Inotify:
    """Watches one directory; readable (`fileno`) when something happened."""

    def __init__(self, directory):
        self._directory = directory.encode()
        self._fd = _libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._fd < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")

    def fileno(self):
        return self._fd

    def watch(self):
        """Begins to watch, or goes on: the directory may have been made anew. One that is missing is no error."""
        _libc.inotify_add_watch(self._fd, self._directory, CHANGED | REMOVED)

    def read(self):
        """Events as (name, is it there); names that begin with a dot, and the directory's own, are left out."""
        try:
            data = os.read(self._fd, 1 << 16)
        except BlockingIOError:
            return []
        events, at = [], 0
        while at < len(data):
            _, mask, _, length = _HEADER.unpack_from(data, at)
            name = data[at + _HEADER.size:at + _HEADER.size + length].rstrip(b"\0").decode(errors="surrogateescape")
            at += _HEADER.size + length
            if name and not name.startswith(".") and mask & (CHANGED | REMOVED):
                events.append((name, bool(mask & CHANGED)))
        return events
