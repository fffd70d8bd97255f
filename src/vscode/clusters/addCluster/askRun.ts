import * as vscode from 'vscode';
import type { ClusterDefinition, RunKind } from '../../../core/cluster/definition.js';
import { parseArgv } from '../../../core/cluster/parseArgv.js';
import { askText, choose, type Choice } from '../../steps/questions.js';
import { next, pass, type Step } from '../../steps/runSteps.js';
import { argvSentence, problemSentence } from '../../words/cluster.js';
import { definitionOf, problemsOf } from './definitionOf.js';
import type { Draft } from './draft.js';

/** What is wrong with the draft's field, in the words of the settings. */
const refusal = (draft: Draft, existing: readonly ClusterDefinition[], field: RegExp): string | undefined => {
  const problem = problemsOf(definitionOf(draft), existing).find(found => field.test(found.field));
  return problem && problemSentence(problem);
};

/** The cluster's name: unique, and later typed before anything dangerous. */
export const askName = (existing: readonly ClusterDefinition[]): Step<Draft> => async (draft, place) => {
  const answer = await askText(place, {
    prompt: vscode.l10n.t('A name for the cluster of {members}. You will type it before anything dangerous.', { members: draft.members.map(member => member.name).join(', ') }),
    value: draft.name ?? '', placeholder: 'prod-eu',
    refuse: name => refusal({ ...draft, name, run: 'staticPod', dataDir: '/{name}' }, existing, /^name$/),
  });
  return answer.kind === 'next' ? next({ ...draft, name: answer.state }) : answer;
};

/** How etcd is run, and so how it is stopped and started. */
export const askRunKind: Step<Draft> = async (draft, place) => {
  const kinds: readonly Choice<RunKind>[] = [
    { value: 'staticPod', label: vscode.l10n.t('Static Pod'), detail: vscode.l10n.t('The kubelet runs it from /etc/kubernetes/manifests, as kubeadm sets it up'), iconPath: new vscode.ThemeIcon('package') },
    { value: 'systemd', label: vscode.l10n.t('systemd Service'), detail: vscode.l10n.t('A unit such as etcd.service on each host'), iconPath: new vscode.ThemeIcon('server-process') },
    { value: 'commands', label: vscode.l10n.t('Your Own Commands'), detail: vscode.l10n.t('One command that starts a member and one that stops it, run on this machine'), iconPath: new vscode.ThemeIcon('terminal') },
  ];
  const first = draft.run ?? 'commands';
  const answer = await choose(place, vscode.l10n.t('How is etcd run?'), kinds.toSorted((a, b) => Number(b.value === first) - Number(a.value === first)));
  return answer.kind === 'next' ? next({ ...draft, run: answer.state }) : answer;
};

/** The data directory; one pattern serves every member. */
export const askDataDir = (existing: readonly ClusterDefinition[]): Step<Draft> => async (draft, place) => {
  const several = draft.run === 'commands' && draft.members.length > 1;
  const answer = await askText(place, {
    prompt: several ? vscode.l10n.t('The data directory of each member; {name} stands for the member\'s name', { name: '{name}' })
      : vscode.l10n.t('The data directory (--data-dir) on each host; {name} stands for the member\'s name', { name: '{name}' }),
    value: draft.dataDir ?? '', placeholder: several ? '/var/lib/etcd/{name}' : '/var/lib/etcd',
    refuse: dataDir => refusal({ ...draft, dataDir }, existing, /\.(dataDir|walDir)$/),
  });
  return answer.kind === 'next' ? next({ ...draft, dataDir: answer.state }) : answer;
};

/** A command of the person's own, typed as in a shell and run without one. */
export const askCommand = (which: 'start' | 'stop'): Step<Draft> => async (draft, place) => {
  if (draft.run !== 'commands') return pass;
  const answer = await askText(place, {
    prompt: which === 'start' ? vscode.l10n.t('The command that starts a member and returns; {name} stands for the member\'s name. No shell runs it.', { name: '{name}' })
      : vscode.l10n.t('The command that stops a member; {name} stands for the member\'s name. No shell runs it.', { name: '{name}' }),
    value: draft[which] ?? '', placeholder: which === 'start' ? 'systemctl start etcd@{name}' : 'systemctl stop etcd@{name}',
    refuse: line => { const parsed = parseArgv(line); return 'problem' in parsed ? argvSentence(parsed.problem) : undefined; },
  });
  return answer.kind === 'next' ? next({ ...draft, [which]: answer.state }) : answer;
};
