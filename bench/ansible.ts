import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { etcdOf } from '../lab/cluster.js';
import type { Lab } from '../lab/lab.js';
import { run } from '../lab/run.js';

/** Ansible on a lab's hosts, as it comes: its own defaults for everything but where hosts and keys are. */
export interface Ansible extends AsyncDisposable {
  /** Runs one module on every host. */
  module(name: string, args: string): Promise<void>;
  /** Restores a snapshot by `procedure4.yml`. Returns the seconds of each of its tasks. */
  procedure4(snapshot: string): Promise<readonly Took[]>;
}

/** A task of a playbook, and its seconds. */
export interface Took {
  readonly task: string;
  readonly seconds: number;
}

/** What Ansible's callback `json` prints, as far as it is read here. */
interface Printed {
  readonly plays: readonly { readonly tasks: readonly { readonly task: { readonly name: string; readonly duration: { readonly start: string; readonly end: string } } }[] }[];
}

const pki = '/etc/kubernetes/pki/etcd';
const flags = `--endpoints=https://127.0.0.1:2379 --cacert=${pki}/ca.crt --cert=${pki}/server.crt --key=${pki}/server.key`;

/** Makes its inventory, and gives the hosts etcd's own tools, which such a procedure takes for granted. */
export async function openAnsible(lab: Lab): Promise<Ansible> {
  const { configFile: config = '' } = lab.hosts[0]?.ssh ?? {};
  const { etcdctl, etcdutl = etcdctl } = etcdOf(lab.etcdVersion);
  for (const { name } of lab.hosts) await run(['scp', '-q', '-F', config, etcdctl, etcdutl, `${name}:/usr/local/bin/`]);
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-ansible-'));
  const inventory = path.join(folder, 'hosts.ini');
  await writeFile(inventory, inventoryOf(lab));
  const env = {
    ...process.env, ANSIBLE_HOME: folder, ANSIBLE_STDOUT_CALLBACK: 'ansible.posix.json',
    // The first is ours, the rest what Ansible has of itself.
    ANSIBLE_SSH_ARGS: `-F ${config} -C -o ControlMaster=auto -o ControlPersist=60s`,
  };
  return {
    module: async (name, args) => { await run(['ansible', '-i', inventory, 'all', '-m', name, '-a', args], { env }); },
    procedure4: async snapshot => {
      const { stdout } = await run(['ansible-playbook', '-i', inventory, path.join(import.meta.dirname, 'procedure4.yml'), '-e', `snapshot=${snapshot}`], { env });
      const { plays } = JSON.parse(stdout) as Printed;
      return plays.flatMap(({ tasks }) => tasks).map(({ task: { name, duration } }) => ({ task: name, seconds: (Date.parse(duration.end) - Date.parse(duration.start)) / 1000 }));
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function inventoryOf(lab: Lab): string {
  const hosts = lab.hosts.map(({ name, peerUrl }) => `${name} peer_url=${peerUrl}`);
  const vars = {
    ansible_user: 'root', ansible_python_interpreter: '/usr/bin/python3', etcdctl_flags: flags,
    initial_cluster: lab.hosts.map(({ name, peerUrl }) => `${name}=${peerUrl}`).join(','),
  };
  return `[all]\n${hosts.join('\n')}\n\n[all:vars]\n${Object.entries(vars).map(([key, value]) => `${key}='${value}'\n`).join('')}`;
}
