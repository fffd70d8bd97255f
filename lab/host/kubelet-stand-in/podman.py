"""podman, with the labels of a kubelet's containers."""
import json

import containers as c


def podman(*argv):
    return c.call("podman", "--cgroup-manager=cgroupfs", *argv)


def list_containers():
    found = []
    for one in json.loads(podman("ps", "--all", "--format", "json") or "[]"):
        labels = one.get("Labels") or {}
        if c.UID in labels and c.NAME in labels:
            found.append(c.Container(one["Id"], labels, one["Pid"] if one["State"] in ("running", "stopping", "paused") else None))
    return found


def start(pod, spec, attempt):
    log = c.log_file(pod, spec, attempt)
    argv = ["run", "--detach", "--network=host", "--pull=never", "--restart=no", "--log-driver=k8s-file", f"--log-opt=path={log}",
            f"--name=k8s_{spec['name']}_{pod.name}_{pod.namespace}_{pod.uid}_{attempt}", f"--cgroup-parent=/kubepods/pod{pod.uid}"]
    for key, value in c.labels_of(pod, spec, attempt).items():
        argv.append(f"--label={key}={value}")
    for source, target, read_only in c.mounts_of(pod, spec):
        argv.append(f"--volume={source}:{target}:{'ro' if read_only else 'rw'},rbind")
    for variable in c.environment_of(spec):
        argv.append(f"--env={variable}")
    identity = podman(*argv, spec["image"], *c.argv_of(spec)).strip()
    c.link_log(pod, spec, identity, log)


def signal(container, name):
    podman("kill", "--signal", name, container.id)


def remove(container):
    podman("rm", "--force", "--time=0", container.id)
