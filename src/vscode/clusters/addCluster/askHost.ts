import * as vscode from 'vscode';
import { usualManifestDir } from '../../../core/cluster/definition.js';
import { fillPattern } from '../../../core/cluster/parseArgv.js';
import { isKnown } from '../../../core/errors.js';
import { readSshTarget } from '../../../core/host/sshTarget.js';
import type { Hosts } from '../../../node/restore/hands.js';
import { readEtcdManifest } from '../../../node/restore/readEtcdManifest.js';
import { abortSignal } from '../../abortSignal.js';
import { askText } from '../../steps/questions.js';
import { next, pass, type Outcome, type Place, type Step } from '../../steps/runSteps.js';
import { sentence } from '../../words/index.js';
import { hostOf, isLoopback, type Draft, type DraftMember } from './draft.js';
import { readText } from './readText.js';

/** Asks for a control-plane host and reads its etcd manifest over SSH: enough while etcd runs, since it names the others. */
export async function askHost(hosts: Hosts, place: Place): Promise<Outcome<Draft>> {
  let draft: Draft | undefined;
  const answer = await askText(place, {
    prompt: vscode.l10n.t('A control-plane host, as SSH knows it: a host of your ~/.ssh/config, or user@address'),
    value: '', placeholder: 'root@10.0.0.1',
    // Read while the box is open: what stands in the way is said where it can be corrected.
    refuse: async target => {
      if (target === '') return vscode.l10n.t('Type a host.');
      try {
        draft = await fromHost(hosts, target);
        return undefined;
      } catch (error) {
        if (!isKnown(error)) throw error;
        return sentence(error);
      }
    },
  });
  return answer.kind === 'next' && draft !== undefined ? next(draft) : { kind: 'left' };
}

async function fromHost(hosts: Hosts, target: string): Promise<Draft> {
  const host = hosts.get(target);
  readSshTarget(target);
  const { file, text } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, cancellable: true, title: vscode.l10n.t('Reading the manifests on {host}', { host: target }) },
    (_, token) => readEtcdManifest(host, target, usualManifestDir, abortSignal(token)));
  const { tls, ...draft } = readText(text, `${target}:${file}`);
  return {
    ...draft, through: target, members: draft.members.map(member => ({ ...member, host: target })),
    ...tls && { tls: { ...tls, at: 'host' } },
  };
}

/**
 * Asks how the other hosts are reached. While etcd is down it has told nobody: then each host is named, and its own manifest
 * says which member it runs.
 */
export const askOtherHosts = (hosts: Hosts): Step<Draft> => async (draft, place) => {
  if (draft.through === undefined || draft.run !== 'staticPod') return pass;
  return draft.told === true ? askPattern(draft, draft.through, place) : askEach(hosts, draft, place);
};

async function askPattern(draft: Draft, through: string, place: Place): Promise<Outcome<Draft>> {
  const others = draft.members.filter(member => member.host === undefined);
  if (others.length === 0) return pass;
  const first = draft.members.find(member => member.host === through);
  const answer = await askText(place, {
    prompt: vscode.l10n.t('The host of each member, as SSH knows it; {name} stands for the member\'s name, {address} for the address of its URLs', { name: '{name}', address: '{address}' }),
    value: first === undefined ? '{address}' : patternOf(through, first), placeholder: 'root@{address}',
    refuse: pattern => others.map(member => refuseTarget(filled(pattern, member))).find(reason => reason !== undefined),
  });
  return answer.kind !== 'next' ? answer : next({ ...draft, members: draft.members.map(member => ({ ...member, host: member.host ?? filled(answer.state, member) })) });
}

async function askEach(hosts: Hosts, draft: Draft, place: Place): Promise<Outcome<Draft>> {
  let found: readonly Draft[] = [];
  const answer = await askText(place, {
    prompt: vscode.l10n.t('The other control-plane hosts, as SSH knows them, separated by commas. Empty: there is only this one.'), value: '', placeholder: 'cp-2, cp-3',
    refuse: async text => {
      try {
        const targets = [...new Set(text.split(/[\s,]+/).filter(part => part !== '' && part !== draft.through))];
        found = await Promise.all(targets.map(target => fromHost(hosts, target)));
        return undefined;
      } catch (error) {
        if (!isKnown(error)) throw error;
        return sentence(error);
      }
    },
  });
  return answer.kind !== 'next' ? answer : next({ ...draft, members: [...draft.members, ...found.flatMap(({ members }) => members)] });
}

const addressOf = (member: DraftMember): string => hostOf(member.clientUrls.find(url => !isLoopback(url)) ?? member.peerUrls.find(url => !isLoopback(url)) ?? '');
const filled = (pattern: string, member: DraftMember): string => fillPattern(pattern, { name: member.name, host: addressOf(member) }).replaceAll('{address}', addressOf(member));

/** How the first host was written, with what is its own taken out. */
function patternOf(target: string, member: DraftMember): string {
  const address = addressOf(member);
  if (address !== '' && target.includes(address)) return target.replace(address, '{address}');
  return target.includes(member.name) ? target.replace(member.name, '{name}') : '{address}';
}

function refuseTarget(target: string): string | undefined {
  try {
    readSshTarget(target);
    return undefined;
  } catch (error) {
    return isKnown(error) ? sentence(error) : undefined;
  }
}
