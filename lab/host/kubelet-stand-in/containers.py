"""What a container runtime is asked for, and the labels by which containers are found again."""
import os
import secrets
import subprocess

LABEL = "io.kubernetes."
NAME, POD_NAME, NAMESPACE, UID = (LABEL + part for part in ("container.name", "pod.name", "pod.namespace", "pod.uid"))
ATTEMPT, GRACE = "io.kubernetes.container.restartCount", "io.kubernetes.pod.terminationGracePeriod"


class RuntimeFailed(Exception):
    """The runtime refused, in its own words."""


class Container:
    """One container that the runtime knows. `process` is its first process, or None once that has ended."""

    def __init__(self, identity, labels, process):
        self.id, self.labels, self.process = identity, labels, process
        self.name, self.uid = labels[NAME], labels[UID]
        self.pod_key = f"{labels[NAMESPACE]}/{labels[POD_NAME]}"
        self.attempt = int(labels.get(ATTEMPT, 0))
        self.grace = int(labels.get(GRACE, 30))


def labels_of(pod, spec, attempt):
    return {NAME: spec["name"], POD_NAME: pod.name, NAMESPACE: pod.namespace, UID: pod.uid, ATTEMPT: str(attempt), GRACE: str(pod.grace)}


def new_identity():
    return secrets.token_hex(32)


def argv_of(spec):
    """The command and its arguments; without a command, the image's own."""
    return [str(word) for word in (spec.get("command") or []) + (spec.get("args") or [])]


def mounts_of(pod, spec):
    """(host path, path inside, read only) of each mount; makes what the manifest says is to be made."""
    mounts = []
    for mount in spec.get("volumeMounts") or []:
        volume = pod.volumes.get(mount["name"], {})
        if "hostPath" not in volume:
            raise RuntimeFailed(f"volume {mount['name']}: the kubelet stand-in mounts host paths only")
        path, kind = volume["hostPath"]["path"], volume["hostPath"].get("type") or ""
        if kind == "DirectoryOrCreate":
            os.makedirs(path, mode=0o755, exist_ok=True)
        elif kind == "FileOrCreate" and not os.path.exists(path):
            open(path, "a").close()
        if not os.path.exists(path) or (kind.startswith("Dir") and not os.path.isdir(path)) or (kind.startswith("File") and not os.path.isfile(path)):
            raise RuntimeFailed(f"hostPath type check failed: {path} is not a {kind or 'path'}")
        mounts.append((path, mount["mountPath"], bool(mount.get("readOnly"))))
    return mounts


def environment_of(spec):
    return [f"{one['name']}={one.get('value') or ''}" for one in spec.get("env") or []]


def log_file(pod, spec, attempt):
    """Where the kubelet has a container's log; the folder is made."""
    folder = f"/var/log/pods/{pod.namespace}_{pod.name}_{pod.uid}/{spec['name']}"
    os.makedirs(folder, mode=0o755, exist_ok=True)
    return f"{folder}/{attempt}.log"


def link_log(pod, spec, identity, target):
    os.makedirs("/var/log/containers", exist_ok=True)
    link = f"/var/log/containers/{pod.name}_{pod.namespace}_{spec['name']}-{identity}.log"
    if not os.path.lexists(link):
        os.symlink(target, link)


def call(*argv):
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeFailed(f"{' '.join(argv[:4])}: {done.stderr.strip()[-400:]}")
    return done.stdout
