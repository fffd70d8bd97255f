import * as vscode from 'vscode';
import { isKnown } from '../../../core/errors.js';
import { abortSignal } from '../../abortSignal.js';
import { choose, type Choice } from '../../steps/questions.js';
import { next, pass, type Step } from '../../steps/runSteps.js';
import { sentence } from '../../words/index.js';
import type { ConnectMember } from '../../../node/etcd/connectMember.js';
import { discover } from './discover.js';
import type { Draft } from './draft.js';

/** Asks etcd for the members. Where it does not answer, the person is told why and says how to go on. */
export const askMembers = (connect: ConnectMember): Step<Draft> => async (draft, place) => {
  try {
    const found = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, cancellable: true, title: vscode.l10n.t('Asking etcd for its members') },
      (_, token) => discover(draft, connect, abortSignal(token)));
    return next(found);
  } catch (error) {
    if (!isKnown(error) || error.code === 'CANCELLED') throw error;
    const known = draft.members.map(member => member.name).join(', ');
    const choices: readonly Choice<'retry' | 'go on'>[] = [
      { label: vscode.l10n.t('Ask Again'), value: 'retry', iconPath: new vscode.ThemeIcon('refresh') },
      ...draft.members.length > 0 ? [{
        label: vscode.l10n.t('Go On with What the Text Says'), value: 'go on' as const, iconPath: new vscode.ThemeIcon('arrow-right'),
        description: known, detail: draft.through === undefined ? vscode.l10n.t('The other members can be added in the settings') : vscode.l10n.t('The other hosts are asked for next'),
      }] : [],
    ];
    const answer = await choose(place, sentence(error), choices);
    if (answer.kind !== 'next') return answer;
    return answer.state === 'retry' ? askMembers(connect)(draft, place) : pass;
  }
};
