"""containerd, through its own `ctr`, in the namespace and with the labels of a kubelet's containers."""
import json
import os
from urllib.parse import urlencode

import containers as c

# A container's labels never change; asking for them takes a process each.
_labels = {}
LOG_WRITER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "log_writer.py")


def ctr(*argv):
    return c.call("ctr", "-n", "k8s.io", *argv)


def list_containers():
    processes = {}
    for line in ctr("task", "list").splitlines()[1:]:
        identity, pid, status = line.split()[:3]
        processes[identity] = int(pid) if status not in ("STOPPED", "UNKNOWN") else None
    found = []
    identities = ctr("container", "list", "-q").split()
    for gone in _labels.keys() - set(identities):
        del _labels[gone]
    for identity in identities:
        if identity not in _labels:
            _labels[identity] = json.loads(ctr("container", "info", identity)).get("Labels") or {}
        labels = _labels[identity]
        if c.UID in labels and c.NAME in labels:
            found.append(c.Container(identity, labels, processes.get(identity)))
    return found


def start(pod, spec, attempt):
    identity, log = c.new_identity(), c.log_file(pod, spec, attempt)
    argv = ["run", "--detach", "--net-host", "--cgroup", f"/kubepods/pod{pod.uid}/{identity}",
            "--log-uri", f"binary://{LOG_WRITER}?{urlencode({'path': log})}"]
    for key, value in c.labels_of(pod, spec, attempt).items():
        argv += ["--label", f"{key}={value}"]
    for source, target, read_only in c.mounts_of(pod, spec):
        argv += ["--mount", f"type=bind,src={source},dst={target},options=rbind:{'ro' if read_only else 'rw'}"]
    for variable in c.environment_of(spec):
        argv += ["--env", variable]
    try:
        ctr(*argv, spec["image"], identity, *c.argv_of(spec))
    except c.RuntimeFailed:
        # What could not be started is not left lying about under these labels.
        for undo in (("task", "delete", "--force"), ("container", "delete")):
            try:
                ctr(*undo, identity)
            except c.RuntimeFailed:
                pass
        raise
    c.link_log(pod, spec, identity, log)


def signal(container, name):
    ctr("task", "kill", "--signal", name, container.id)


def remove(container):
    try:
        ctr("task", "delete", "--force", container.id)
    except c.RuntimeFailed:
        pass  # its exit code is this command's, and after a reboot there is no task
    ctr("container", "delete", container.id)
