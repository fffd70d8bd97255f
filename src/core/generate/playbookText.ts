import { partOf, memberHosts, type Layout, type StageFile, type Way } from './layout.js';
import { here } from './places.js';
import { titleText } from './words.js';

/** restore.yml or take-back.yml: a play for each stage, each the barrier of the next. */
export function playbookText(layout: Layout, way: Way): string {
  const first = way.stages.findIndex(({ kind }) => kind === 'moves');
  const plays = way.stages.map(stage => stagePlay(layout, stage));
  const before = first < 0 ? plays : plays.slice(0, first);
  const after = first < 0 ? [] : plays.slice(first);
  return [
    '# Made from the plan in plan.json: the tasks run the scripts in hosts, which are the steps of the plan. Read README.md first.\n---',
    scriptPlay('Look for other runs, and make data directories that were lost', memberHosts(layout).map(host => layout.folders.get(host) ?? ''), way.prepare),
    ...before, ...first < 0 ? [] : [confirmPlay(layout, way)], ...after, endPlay,
  ].join('\n');
}

/** A value that Ansible takes as it is: never a template. */
const unsafe = (value: string): string => `!unsafe ${JSON.stringify(value)}`;

function stagePlay(layout: Layout, each: StageFile): string {
  const hosts = each.hosts.map(host => layout.folders.get(host) ?? '');
  return scriptPlay(titleText(each.stage.title), hosts, each.file, each.kind === 'upload' ? copyTask(layout, each) : '', environment(each));
}

const scriptPlay = (title: string, folders: readonly string[], file: string, before = '', environment = ''): string => `
- name: ${JSON.stringify(title.replaceAll(/[{}%]/g, ' '))}
  hosts: ${JSON.stringify(folders.join(','))}
  gather_facts: false
  any_errors_fatal: true
  tasks:${before}
    - name: "Run ${file}"
      ansible.builtin.script:
        cmd: "hosts/{{ inventory_hostname }}/${file}"
        executable: /bin/sh${environment}
      register: ran
      changed_when: "ran.stdout is search('step [0-9]+. done')"
      failed_when: ran.rc not in [0, 75]
    - name: Remember whether a check could not be made
      ansible.builtin.set_fact:
        not_checked: "{{ not_checked | default([]) + ([ran.stdout_lines | select('match', 'NOT CHECKED') | join(' ')] if ran.rc == 75 else []) }}"
`;

/** The snapshot may lie elsewhere on the machine that runs Ansible. */
const environment = ({ hosts }: StageFile): string => !hosts.includes(here) ? '' : `
      environment:
        SNAPSHOT: "{{ snapshot | default('') }}"`;

function copyTask(layout: Layout, each: StageFile): string {
  const { plan } = layout.forward;
  const targets = each.hosts.map(host => {
    const paths = partOf(plan, each, host).flatMap(({ step: { act } }) => act.do === 'upload' ? [`\n          - {from: ${unsafe(act.from)}, to: ${unsafe(act.to)}, snapshot: ${String(act.from === plan.subject.snapshot.path)}}`] : []);
    return `\n        ${JSON.stringify(layout.folders.get(host) ?? '')}:${paths.join('')}`;
  });
  return `
    - name: Copy what is needed there
      ansible.builtin.copy:
        src: "{{ snapshot if item.snapshot and snapshot is defined else item.from }}"
        dest: "{{ item.to }}"
        mode: "0600"
      loop: "{{ copies[inventory_hostname] }}"
      vars:
        copies:${targets.join('').replaceAll('\n', '\n  ')}`;
}

function confirmPlay(layout: Layout, { plan }: Way): string {
  const { foretold, expectedDowntime } = plan.subject;
  const told = plan.kind === 'takeBack'
    ? 'From here on the restored etcd is stopped and the data from before is put back. What was written since the restore will not be in the cluster.'
    : `From here on etcd is stopped and its data replaced. It will not answer for about ${expectedDowntime} seconds. Afterwards the cluster id is ${foretold.clusterId}, the revision ${foretold.revision}.`;
  return `
- name: Ask for the name of the cluster before anything stops
  hosts: ${JSON.stringify(memberHosts(layout).map(host => layout.folders.get(host) ?? '').join(','))}
  gather_facts: false
  any_errors_fatal: true
  vars_prompt:
    - name: typed_cluster
      prompt: ${JSON.stringify(`${told} Type the name of the cluster to go on`)}
      private: false
  vars:
    cluster_of_plan: ${unsafe(plan.cluster)}
  tasks:
    - name: Reach every host once more
      ansible.builtin.raw: "true"
      changed_when: false
    - name: Compare the name
      ansible.builtin.assert:
        that: typed_cluster == cluster_of_plan
        fail_msg: That is not the name of the cluster in the plan. Nothing was stopped.
`;
}

const endPlay = `
- name: Say whether every check was made
  hosts: all
  gather_facts: false
  any_errors_fatal: true
  tasks:
    - name: Every check was made
      ansible.builtin.assert:
        that: not_checked | default([]) | length == 0
        fail_msg: "{{ ['Everything was done, but a check could not be made.'] + not_checked | default([]) }}"
        quiet: true
`;

