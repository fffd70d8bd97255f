"""
Liveness and startup probes by HTTP: a container whose probe fails as often as its manifest allows is ended, to be started
again. Until the startup probe has held once, the liveness probe waits.
"""
import http.client
import ssl
import threading


def _port(check, spec):
    named = {one.get("name"): one.get("containerPort") for one in spec.get("ports") or []}
    return int(named.get(check["port"], check["port"]))


def _holds(check, spec, timeout):
    host, port = check.get("host") or "127.0.0.1", _port(check, spec)
    if check.get("scheme", "HTTP").upper() == "HTTPS":
        # Like the kubelet, which does not verify whom it probes.
        connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=ssl._create_unverified_context())
    else:
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("GET", check.get("path") or "/")
        return 200 <= connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Probed:
    """One container's probes, asked in a thread of their own until `stop`."""

    def __init__(self, spec):
        self.failed = False
        self._spec = spec
        self._stopped = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self):
        self._stopped.set()

    def _run(self):
        for name in ("startupProbe", "livenessProbe"):
            probe = self._spec.get(name) or {}
            if "httpGet" in probe and not self._ask(probe, until_held=name == "startupProbe"):
                return

    def _ask(self, probe, until_held):
        failures, allowed = 0, int(probe.get("failureThreshold", 3))
        if self._stopped.wait(float(probe.get("initialDelaySeconds", 0))):
            return False
        while True:
            if _holds(probe["httpGet"], self._spec, float(probe.get("timeoutSeconds", 1))):
                failures = 0
                if until_held:
                    return True
            else:
                failures += 1
            if failures >= allowed:
                self.failed = True
                return False
            if self._stopped.wait(float(probe.get("periodSeconds", 10))):
                return False
