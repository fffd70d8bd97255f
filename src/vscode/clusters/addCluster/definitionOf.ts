import type { ClusterDefinition, MemberDefinition } from '../../../core/cluster/definition.js';
import { fillPattern, parseArgv } from '../../../core/cluster/parseArgv.js';
import { readDefinitions } from '../../../core/cluster/readDefinitions.js';
import type { DefinitionProblem } from '../../../core/cluster/definitionProblem.js';
import { hostOfMember, type Draft } from './draft.js';

/** The cluster that a finished draft describes, with every pattern filled in for each member. */
export function definitionOf(draft: Draft): ClusterDefinition {
  const run = draft.run ?? 'commands';
  const members = draft.members.map((member): MemberDefinition => {
    const host = hostOfMember(member, run), names = { name: member.name, host };
    const argv = (line: string | undefined): readonly string[] => {
      const parsed = parseArgv(line ?? '');
      return 'argv' in parsed ? parsed.argv.map(word => fillPattern(word, names)) : [];
    };
    return {
      name: member.name, host, clientUrls: member.clientUrls, peerUrls: member.peerUrls,
      dataDir: fillPattern(draft.dataDir ?? member.dataDir ?? '', names),
      ...member.walDir !== undefined && { walDir: member.walDir },
      ...run === 'commands' && { start: argv(draft.start), stop: argv(draft.stop) },
    };
  });
  return { name: draft.name ?? '', run, members, ...draft.tls && { tls: draft.tls }, snapshotFolders: [] };
}

/** What the settings would say of this cluster beside the ones there are; only what concerns it. */
export function problemsOf(definition: ClusterDefinition, existing: readonly ClusterDefinition[]): readonly DefinitionProblem[] {
  return readDefinitions([...existing, definition]).problems.filter(problem => problem.index === existing.length);
}
