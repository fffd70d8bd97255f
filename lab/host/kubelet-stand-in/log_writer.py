#!/usr/bin/python3
"""Writes what a container prints to its log file, in the format of the CRI: time, stream, F (whole) or P (partial), text."""
import datetime
import os
import selectors
import signal
import sys

LONGEST = 16 << 10


def main(path):
    # The container's end is the end of its pipes; the runtime's signals are not for this process.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
    streams = {3: [b"stdout", b""], 4: [b"stderr", b""]}
    selector = selectors.DefaultSelector()
    for fd in streams:
        selector.register(fd, selectors.EVENT_READ)
    os.close(5)  # containerd waits for this before it starts the container
    while selector.get_map():
        for ready, _ in selector.select():
            name, rest = streams[ready.fd]
            data = os.read(ready.fd, 1 << 16)
            lines = (rest + data).split(b"\n")
            streams[ready.fd][1] = lines.pop()
            os.write(file, b"".join(entry(name, line) for line in lines))
            if not data:
                selector.unregister(ready.fd)
                if streams[ready.fd][1]:
                    os.write(file, entry(name, streams[ready.fd][1]))


def entry(stream, line):
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f000Z").encode()
    parts = [line[at:at + LONGEST] for at in range(0, max(len(line), 1), LONGEST)]
    tags = [b"P"] * (len(parts) - 1) + [b"F"]
    return b"".join(b"%s %s %s %s\n" % (now, stream, tag, part) for tag, part in zip(tags, parts))


main(sys.argv[sys.argv.index("path") + 1])
