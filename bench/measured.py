# Runs a command and prints what it took: measured.py [--cold FILE] COMMAND [ARG ...]
# --cold drops FILE from the system's page cache first.
import json, os, sys, time

argv = sys.argv[1:]
if argv[0] == '--cold':
    file = os.open(argv[1], os.O_RDONLY)
    os.fsync(file)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(file)
    argv = argv[2:]
quiet = [(os.POSIX_SPAWN_OPEN, out, '/dev/null', os.O_WRONLY, 0) for out in (1, 2)]
start = time.monotonic()
pid = os.posix_spawnp(argv[0], argv, {**os.environ, 'ETCDCTL_API': '3'}, file_actions=quiet)
_, status, usage = os.wait4(pid, 0)
wall = time.monotonic() - start
if status:
    sys.exit('%s failed with %d' % (argv, status))
print(json.dumps({'wall': wall, 'cpu': usage.ru_utime + usage.ru_stime, 'rss': usage.ru_maxrss / 1000}))
