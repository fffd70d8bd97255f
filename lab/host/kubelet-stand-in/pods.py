"""Pods as the manifest directory defines them, by the rules of the kubelet's pkg/kubelet/config/file.go."""
import hashlib
import json
import os
import stat

import yaml

MAX_LENGTH = 10 << 20


class Unreadable(Exception):
    """A file that defines no pod."""


class Pod:
    """One static pod; what the API would default is defaulted."""

    def __init__(self, manifest, path, node):
        metadata, spec = manifest.get("metadata") or {}, manifest.get("spec") or {}
        self.namespace = metadata.get("namespace") or "default"
        self.name = f"{metadata['name']}-{node.lower()}"
        self.uid = metadata.get("uid") or _uid(manifest, path, node)
        grace = spec.get("terminationGracePeriodSeconds")
        self.grace = 30 if grace is None else int(grace)
        self.containers = spec["containers"]
        self.volumes = {volume["name"]: volume for volume in spec.get("volumes") or []}
        self.path = path

    @property
    def key(self):
        return f"{self.namespace}/{self.name}"


class ManifestDirectory:
    """
    The store of file.go. Pods are kept by namespace and name, so of two files that define the same pod:
    on a listing the later name wins (etcd.yaml.bak over etcd.yaml); on an event the file that changed last;
    and when either file goes, the pod goes, until the next listing finds the other.
    """

    def __init__(self, directory, node, log):
        self._directory, self._node, self._log = directory, node, log
        self._key_of = {}
        self.pods = {}

    def list(self):
        """Reads every regular file whose name does not begin with a dot, whatever its ending."""
        found = {}
        try:
            names = sorted(name for name in os.listdir(self._directory) if not name.startswith("."))
        except FileNotFoundError:
            names = []
        for name in names:
            try:
                pod = self._read(name)
                found[pod.key] = pod
            except Unreadable as error:
                self._log(f"{name} is left out: {error}")
        self.pods = found

    def changed(self, name):
        try:
            pod = self._read(name)
            self.pods[pod.key] = pod
        except Unreadable as error:
            self._log(f"{name} changed and is not taken: {error}")

    def removed(self, name):
        key = self._key_of.pop(name, None)
        if key is not None:
            self.pods.pop(key, None)

    def _read(self, name):
        path = os.path.join(self._directory, name)
        try:
            if not stat.S_ISREG(os.stat(path).st_mode):
                raise Unreadable("not a regular file")
            with open(path, "rb") as file:
                data = file.read(MAX_LENGTH + 1)
            if len(data) > MAX_LENGTH:
                raise Unreadable("longer than 10 MiB")
            pod = _pod(yaml.safe_load(data), path, self._node)
        except (OSError, yaml.YAMLError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise Unreadable(error) from error
        self._key_of[name] = pod.key
        return pod


def _pod(manifest, path, node):
    if not isinstance(manifest, dict) or manifest.get("apiVersion") != "v1" or manifest.get("kind") != "Pod":
        raise Unreadable("not a pod")
    if not (manifest.get("metadata") or {}).get("name"):
        raise Unreadable("a pod without a name")
    spec = manifest.get("spec") or {}
    containers = spec.get("containers") or []
    if not containers or any(not one.get("name") or not one.get("image") for one in containers):
        raise Unreadable("a container without a name or an image, or none")
    # The stand-in's own limits, said aloud rather than passed over.
    if spec.get("initContainers"):
        raise Unreadable("the kubelet stand-in runs no init containers")
    if not spec.get("hostNetwork"):
        raise Unreadable("the kubelet stand-in runs pods of the host's network only")
    return Pod(manifest, path, node)


def _uid(manifest, path, node):
    """A hash of what is defined, of the host and of the path: comments change nothing, another file is another pod."""
    digest = hashlib.md5(json.dumps(_without_nothing(manifest), sort_keys=True, default=str).encode())
    digest.update(f"host:{node}file:{path}".encode())
    return digest.hexdigest()


def _without_nothing(value):
    if isinstance(value, dict):
        return {key: _without_nothing(one) for key, one in value.items() if one is not None}
    return [_without_nothing(one) for one in value] if isinstance(value, list) else value
