import { hexId } from '../cluster/status.js';
import { predictIds } from '../cluster/ids.js';
import type { MemberDefinition } from '../cluster/definition.js';
import { isPlainText } from '../host/shellWord.js';
import { shownText } from '../shownText.js';
import { textsIn } from '../textsIn.js';
import { foretellHashKv } from '../snapshot/foretell.js';
import type { Plan } from '../plan.js';
import { bumpFor, highestRevisionSeen, revisionReached, writtenBetween } from './bump.js';
import type { MemberFacts, RestoreChoice, RestoreFacts, ToolFacts } from './facts.js';
import { refusalsOf, type Refusal } from './refusals.js';
import { spaceOf } from './space.js';
import { restoreStages, type MemberWork } from './stages.js';
import type { Foretold, RestoreSubject, SubjectMember } from './subject.js';
import { chooseTool, toolsFor, serverMinor, serverVersion, type Minor } from './tool.js';
import { warningsOf } from './warnings.js';

/** A restore that can be approved. */
export type RestorePlan = Plan<RestoreSubject>;

export type Planned = { readonly plan: RestorePlan } | { readonly refusals: readonly Refusal[] };

/**
 * Plans the restore of a whole cluster from one snapshot, or says everything that speaks against it. Pure: the same
 * facts and choice give the same plan. The token is new with each run, so that a member which still has the old
 * data is shut out by its cluster id instead of undoing the restore. Whatever a host or a file says of itself, no plan has a text
 * in it that could not be passed on, or would not be read as what it is: half way through a restore it would be too late.
 */
export function planRestore(facts: RestoreFacts, choice: RestoreChoice): Planned {
  if (!/^[a-z0-9-]{8,60}$/.test(choice.run)) throw new Error(`the run ${choice.run} cannot be part of a name`);
  const refusals = refusalsOf(facts, choice);
  const server = serverMinor(facts);
  if (refusals.length > 0 || server === undefined) return { refusals };
  const tools = toolsByHost(facts, server, choice);
  const token = `etcd-recovery-${choice.run}`;
  const bump = raises(tools, choice) ? bumpFor(facts.snapshot.report.status.revision, highestRevisionSeen(facts)) : 0n;
  const foretold = foretell(facts, { token, bump, version: serverVersion(facts, server, [...tools.values()]) });
  if (facts.live !== undefined && hexId(facts.live.clusterId) === foretold.clusterId) return { refusals: [{ code: 'RUN_UNFINISHED', args: { member: facts.cluster.name, run: choice.run } }] };
  const subject = subjectOf(facts, choice, { server, tools, token, bump, foretold });
  const work = facts.cluster.members.map(definition => workOf(facts, subject, tools, definition));
  const plan: RestorePlan = { kind: 'restore', run: choice.run, cluster: facts.cluster.name, subject, stages: restoreStages(subject, work, choice.kubelets) };
  const unsafe = textsIn(plan).find(text => !isPlainText(text));
  return unsafe === undefined ? { plan } : { refusals: [{ code: 'UNSAFE_VALUE', args: { value: shownText(unsafe) } }] };
}

const toolsByHost = (facts: RestoreFacts, server: Minor, choice: RestoreChoice): ReadonlyMap<string, ToolFacts> =>
  new Map([...new Set(facts.cluster.members.map(member => member.host))].flatMap(host => {
    const tool = chooseTool(toolsFor(facts, host), server, choice.bump);
    return tool === undefined ? [] : [[host, tool] as const];
  }));

/** All members are raised by the same amount or none is: their data would differ. */
const raises = (tools: ReadonlyMap<string, ToolFacts>, choice: RestoreChoice): boolean =>
  choice.bump === 'auto' && [...tools.values()].every(tool => tool.canBump);

function foretell(facts: RestoreFacts, { token, bump, version }: { readonly token: string; readonly bump: bigint; readonly version?: string | undefined }): Foretold {
  const ids = predictIds(facts.cluster.members.map(member => member.peerUrls), token);
  const hashKv = foretellHashKv(facts.snapshot.report, bump, version);
  return {
    clusterId: hexId(ids.clusterId),
    memberIds: Object.fromEntries(facts.cluster.members.map((member, at) => [member.name, hexId(ids.memberIds[at] ?? 0n)])),
    revision: String(hashKv.revision),
    hashKv: hashKv.hash,
  };
}

interface Decided {
  readonly server: Minor;
  readonly tools: ReadonlyMap<string, ToolFacts>;
  readonly token: string;
  readonly bump: bigint;
  readonly foretold: Foretold;
}

function subjectOf(facts: RestoreFacts, choice: RestoreChoice, decided: Decided): RestoreSubject {
  const { file, status } = facts.snapshot.report;
  return {
    run: choice.run,
    snapshot: { path: facts.snapshot.path, sha256: file.sha256, size: file.size, savedMs: file.mtimeMs, revision: String(status.revision), keys: status.keys.live },
    members: facts.cluster.members.map(definition => subjectMember(facts, choice, definition, decided.tools)),
    foretold: decided.foretold,
    token: decided.token,
    tools: [...decided.tools].map(([host, { path, version, runIn, copy }]) => ({ host, path, version, ...(runIn === undefined ? {} : { runIn }), ...(copy === undefined ? {} : { copied: true }) })),
    ...(decided.bump > 0n ? { bumpRevision: String(decided.bump) } : {}),
    highestRevisionSeen: String(highestRevisionSeen(facts)),
    ...raisedSince(facts),
    serving: facts.live?.serving === true,
    ...clusterBefore(facts),
    space: spaceOf(facts),
    expectedDowntime: expectedDowntime(facts),
    warnings: warningsOf(facts, choice, [...decided.tools.values()], decided.server),
  };
}

function raisedSince(facts: RestoreFacts): { readonly raisedSince?: string } {
  const { revision } = facts.snapshot.report.status, reached = revisionReached(facts) ?? revision;
  const raised = reached - revision - writtenBetween(revision, reached, facts.raises ?? []);
  return raised > 0n ? { raisedSince: String(raised) } : {};
}

/** Without quorum a member still says who it is, though it cannot list the others. */
function clusterBefore(facts: RestoreFacts): { readonly clusterIdBefore?: string } {
  const id = facts.live?.clusterId ?? facts.members.find(member => member.status !== undefined)?.status?.clusterId;
  return id === undefined ? {} : { clusterIdBefore: hexId(id) };
}

function subjectMember(facts: RestoreFacts, choice: RestoreChoice, definition: MemberDefinition, tools: ReadonlyMap<string, ToolFacts>): SubjectMember {
  const known = factsOf(facts, definition);
  const status = known?.status;
  return {
    name: definition.name, host: definition.host, endpoint: definition.clientUrls[0] ?? '',
    dataDir: definition.dataDir, peerUrls: definition.peerUrls,
    ...(facts.cluster.tls === undefined ? {} : { tls: facts.cluster.tls }),
    ...(known?.disk.member.kind === 'directory' ? { oldData: `${definition.dataDir}/rescue-${choice.run}` } : {}),
    staged: `${definition.dataDir}/.restore-${choice.run}`,
    // A container sees the data directory alone.
    ...(definition.host === 'local' && tools.get('local')?.runIn === undefined ? {} : { uploaded: `${definition.dataDir}/.restore-${choice.run}.db` }),
    ...(status === undefined ? {} : { before: {
      memberId: hexId(status.memberId), version: shownText(status.version), dbSize: status.dbSize,
      isLeader: status.leaderId === status.memberId, revision: String(status.revision),
    } }),
  };
}

/**
 * Seconds: followers and then the leader stop in about one each, a quorum answers about two after the start. Before them API servers
 * end, which takes some ten, and afterwards they start, which takes as long.
 */
const expectedDowntime = (facts: RestoreFacts): number => (facts.live?.serving === true ? 4 : 3) + (facts.cluster.run === 'staticPod' ? 25 : 0);

function workOf(facts: RestoreFacts, subject: RestoreSubject, tools: ReadonlyMap<string, ToolFacts>, definition: MemberDefinition): MemberWork {
  const known = factsOf(facts, definition);
  const member = subject.members.find(each => each.name === definition.name);
  const tool = tools.get(definition.host);
  // A plan that leaves a member out would leave it with the old data.
  if (known === undefined || member === undefined || tool === undefined) throw new Error(`no facts about ${definition.name}`);
  return { definition, member, tool: tool.copy === undefined ? { path: tool.path, ...(tool.runIn === undefined ? {} : { runIn: tool.runIn }) } : { path: `${member.staged}.tool`, copyOf: { path: tool.path, ...tool.copy } }, disk: known.disk, owner: ownerOf(facts, known), ...(known.pods === undefined ? {} : { pods: known.pods }) };
}

/** Whose the data was; on a disk that was lost, whose it is elsewhere in the cluster. */
function ownerOf(facts: RestoreFacts, known: MemberFacts): { readonly uid: number; readonly gid: number } {
  const places = [known, ...facts.members].flatMap(({ disk }) => [disk.member, disk.dataDir]);
  const { uid, gid } = places.find(place => place.kind === 'directory') ?? { uid: known.disk.uid, gid: known.disk.uid };
  return { uid, gid };
}

const factsOf = (facts: RestoreFacts, definition: MemberDefinition): MemberFacts | undefined =>
  facts.members.find(member => member.name === definition.name);
