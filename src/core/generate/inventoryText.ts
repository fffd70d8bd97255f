import { memberHosts, type Layout } from './layout.js';
import { here } from './places.js';

/** Hosts for Ansible, by the names of their folders. A name that could be more than a name is left for a person to write. */
export function inventoryText(layout: Layout): string {
  const hosts = [...layout.folders];
  const members = memberHosts(layout);
  return [
    '# Made from the plan: look at it, and add users, keys and ports.',
    ...hosts.map(([host, folder]) => host === here ? `${folder} ansible_connection=local ansible_become=false` : remote(host, folder)),
    '', '[members]', ...members.map(host => layout.folders.get(host) ?? ''), '', '[all:vars]', 'ansible_become=true', '',
  ].join('\n');
}

function remote(host: string, folder: string): string {
  const [, user, address] = /^(?:([A-Za-z0-9._-]+)@)?([A-Za-z0-9_][A-Za-z0-9._:%-]*)$/.exec(host) ?? [];
  if (address === undefined) return `# The host's name in the plan is not one that can be written here: set ansible_host.\n${folder} ansible_host=set-me.invalid`;
  return `${folder} ansible_host=${address}${user === undefined ? '' : ` ansible_user=${user}`}`;
}
