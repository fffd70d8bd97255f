#!/usr/bin/python3
"""
The kubelet stand-in: keeps the kubelet's contract for static pods, and nothing else of a kubelet.

It reads every file in the manifest directory whose name does not begin with a dot, notices a change by inotify and reads
all of them anew every fileCheckFrequency; starts the pods that appear; ends those that vanish or change with TERM and,
after their grace period, KILL; does the same to a container whose startup or liveness probe (by HTTP) fails; starts what ended
again, with the kubelet's back-off. Its own restart touches no pod.

Not of it: other probes, init containers, pods outside the host's network, volumes other than host paths, security contexts,
sandboxes, and the API (it registers no node and makes no mirror pods).
"""
import importlib
import os
import selectors
import signal
import sys
import time

from backoff import BackOff
from containers import RuntimeFailed
from inotify import Inotify
from pods import ManifestDirectory
from probes import Probed

DIRECTORY = os.environ.get("MANIFEST_DIRECTORY", "/etc/kubernetes/manifests")
FILE_CHECK_SECONDS = float(os.environ.get("FILE_CHECK_SECONDS", "20"))
RUNTIME = os.environ.get("RUNTIME", "containerd")
# The runtime is asked anew this often, for what changed behind the stand-in's back.
LOOK_SECONDS = 10


def log(text):
    print(text, flush=True)


class StandIn:
    def __init__(self, runtime, node):
        self.runtime = runtime
        self.manifests = ManifestDirectory(DIRECTORY, node, log)
        self.inotify = Inotify(DIRECTORY)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.inotify, selectors.EVENT_READ)
        self.watched = {}
        self.deadlines = {}
        self.killed = set()
        self.backoff = BackOff()
        self.probed = {}

    def run(self):
        next_list = 0
        while True:
            for name, is_there in self.inotify.read():
                (self.manifests.changed if is_there else self.manifests.removed)(name)
            if time.monotonic() >= next_list:
                self.inotify.watch()
                self.manifests.list()
                next_list = time.monotonic() + FILE_CHECK_SECONDS
            wait = LOOK_SECONDS
            try:
                wait = self.sync()
            except RuntimeFailed as error:
                log(f"the runtime does not answer: {error}")
                wait = 1
            self.selector.select(max(0.05, min(wait, next_list - time.monotonic())))

    def sync(self):
        """Brings the host one step nearer to its manifests; returns after how many seconds there is more to do."""
        containers = self.runtime.list_containers()
        self.watch_ends(containers)
        wanted = {pod.uid: pod for pod in self.manifests.pods.values()}
        waits = [LOOK_SECONDS]
        self.probe(containers, wanted)
        for container in containers:
            # One that was told to end does so, even when its manifest is back.
            ends = container.id in self.deadlines or self.has_failed(container)
            if container.uid not in wanted or (ends and container.process is not None):
                waits.append(self.end(container))
        for pod in wanted.values():
            # A pod of the same name is ended before its successor begins.
            if any(one.pod_key == pod.key and one.uid != pod.uid for one in containers):
                continue
            for spec in pod.containers:
                mine = [one for one in containers if one.uid == pod.uid and one.name == spec["name"]]
                waits.append(self.keep_up(pod, spec, mine))
        return min(waits)

    def end(self, container):
        if container.process is None:
            self.remove(container)
            self.backoff.forget(f"{container.uid}/{container.name}")
            log(f"{container.pod_key}: container {container.name} has ended")
            return 0
        now = time.monotonic()
        if container.id not in self.deadlines:
            log(f"{container.pod_key}: ending container {container.name} within {container.grace} s")
            self.runtime.signal(container, "SIGTERM")
            self.deadlines[container.id] = now + container.grace
        elif now >= self.deadlines[container.id] and container.id not in self.killed:
            log(f"{container.pod_key}: killing container {container.name}")
            self.runtime.signal(container, "SIGKILL")
            self.killed.add(container.id)
        return max(0.2, self.deadlines[container.id] - now)

    def keep_up(self, pod, spec, mine):
        if any(one.process is not None for one in mine):
            return LOOK_SECONDS
        key = f"{pod.uid}/{spec['name']}"
        if mine or self.backoff.knows(key):
            wait = self.backoff.seconds_left(key)
            if wait > 0:
                return wait
        attempt = max([one.attempt + 1 for one in mine] + [self.backoff.attempts(key)])
        for one in mine:
            self.remove(one)
        try:
            self.runtime.start(pod, spec, attempt)
            log(f"{pod.key}: started container {spec['name']} of {os.path.basename(pod.path)}")
        except RuntimeFailed as error:
            log(f"{pod.key}: container {spec['name']} could not be started: {error}")
            self.backoff.failed(key)
        return 0.2

    def remove(self, container):
        self.runtime.remove(container)
        self.deadlines.pop(container.id, None)
        self.killed.discard(container.id)

    def probe(self, containers, wanted):
        """Probes what runs and is wanted, and nothing else."""
        running = {one.id: one for one in containers if one.process is not None and one.uid in wanted}
        for identity in self.probed.keys() - running.keys():
            self.probed.pop(identity).stop()
        for identity in running.keys() - self.probed.keys():
            specs = wanted[running[identity].uid].containers
            self.probed[identity] = Probed(next(spec for spec in specs if spec["name"] == running[identity].name))

    def has_failed(self, container):
        failed = container.id in self.probed and self.probed[container.id].failed
        if failed and container.id not in self.deadlines:
            log(f"{container.pod_key}: a probe of container {container.name} failed too often")
        return failed

    def watch_ends(self, containers):
        """Wakes up when a container's first process ends."""
        running = {one.process: one for one in containers if one.process is not None}
        for pid in [pid for pid in self.watched if pid not in running]:
            self.selector.unregister(self.watched[pid])
            os.close(self.watched.pop(pid))
        for pid, container in running.items():
            if pid not in self.watched:
                try:
                    self.watched[pid] = os.pidfd_open(pid)
                except ProcessLookupError:
                    continue
                self.selector.register(self.watched[pid], selectors.EVENT_READ)
                self.backoff.started(f"{container.uid}/{container.name}", container.attempt)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    log(f"kubelet stand-in: {DIRECTORY}, read anew every {FILE_CHECK_SECONDS:g} s, pods by {RUNTIME}")
    os.makedirs(DIRECTORY, mode=0o700, exist_ok=True)
    StandIn(importlib.import_module(RUNTIME), os.uname().nodename).run()


main()
