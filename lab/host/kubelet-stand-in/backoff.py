"""The kubelet's back-off: the first restart at once, then after 10 s, 20 s, up to 5 min; forgotten after 10 minutes of running."""
import time

FIRST, LONGEST = 10, 300


class BackOff:
    def __init__(self):
        self._of = {}

    def started(self, key, attempt):
        """A container was seen to run."""
        entry = self._of.setdefault(key, {"delay": 0, "attempt": attempt})
        entry["since"], entry["attempt"] = time.monotonic(), attempt
        entry.pop("ended", None)

    def knows(self, key):
        return key in self._of

    def forget(self, key):
        self._of.pop(key, None)

    def seconds_left(self, key):
        """Seconds until the container that ended may be started again; asking for the first time notes its end."""
        entry = self._of.setdefault(key, {"delay": 0, "attempt": 0})
        now = time.monotonic()
        if "ended" not in entry:
            entry["ended"] = now
            if now - entry.get("since", now) > 2 * LONGEST:
                entry["delay"] = 0
            entry["wait"] = entry["delay"]
            entry["delay"] = min(LONGEST, entry["delay"] * 2 or FIRST)
        return entry["ended"] + entry["wait"] - now

    def failed(self, key):
        """It could not even be started."""
        self.started(key, self.attempts(key))
        self._of[key]["attempt"] += 1

    def attempts(self, key):
        return self._of.get(key, {}).get("attempt", 0)
