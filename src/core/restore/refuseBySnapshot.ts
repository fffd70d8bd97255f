import type { RestoreChoice, RestoreFacts } from './facts.js';
import type { Refusal } from './refusals.js';
import { chooseTool, minorText, serverMinor, toolsFor } from './tool.js';

/** What the snapshot, and the tools that could restore it, say against a restore. */
export const refuseBySnapshot = (facts: RestoreFacts, choice: RestoreChoice): readonly Refusal[] =>
  [...refuseByContent(facts, choice), ...refuseByTools(facts, choice)];

function refuseByContent(facts: RestoreFacts, choice: RestoreChoice): readonly Refusal[] {
  const { report, path } = facts.snapshot;
  const refusals: Refusal[] = [];
  if (report.trailer === 'absent') refusals.push({ code: 'SNAPSHOT_WITHOUT_HASH', args: { path } });
  if (report.status.revision === 0n) refusals.push({ code: 'SNAPSHOT_EMPTY_CLUSTER', args: { path } });
  const recorded = report.status.members;
  const learner = recorded.find(member => member.isLearner);
  if (learner !== undefined) refusals.push({ code: 'LEARNER', args: { member: learner.name || learner.id.toString(16) } });
  const urls = new Set(facts.cluster.members.flatMap(member => member.peerUrls));
  const foreign = recorded.length > 0 && !recorded.some(member => member.peerUrls.some(url => urls.has(url)));
  if (foreign && !choice.insists.includes('OTHER_CLUSTER')) {
    const members = recorded.map(member => `${member.name} ${member.peerUrls.join(' ')}`).join(', ');
    refusals.push({ code: 'SNAPSHOT_OF_OTHER_CLUSTER', args: { cluster: facts.cluster.name, members } });
  }
  return refusals;
}

function refuseByTools(facts: RestoreFacts, choice: RestoreChoice): readonly Refusal[] {
  const server = serverMinor(facts);
  if (server === undefined) return [{ code: 'VERSION_UNKNOWN', args: { cluster: facts.cluster.name } }];
  return [...new Set(facts.cluster.members.map(member => member.host))].flatMap((host): readonly Refusal[] => {
    const tools = toolsFor(facts, host);
    if (chooseTool(tools, server, choice.bump) !== undefined) return [];
    const found = tools.map(tool => `${tool.path} ${tool.version}`).join(', ');
    return [{ code: 'NO_TOOL', args: { host, version: minorText(server), found } }];
  });
}
