import type { ClusterDefinition } from './definition.js';
import type { DefinitionProblem } from './definitionProblem.js';

interface Numbered { readonly index: number; readonly definition: ClusterDefinition }

/** One value that must not be used twice. */
interface Claim { readonly index: number; readonly cluster: string; readonly field: string; readonly key: string; readonly value: string }

/**
 * What two clusters, or two members of one, both claim: names, URLs within a cluster, data directories on a host.
 * The later one gets the problem; `other` says who has it already.
 */
export function findClashes(clusters: readonly Numbered[]): readonly DefinitionProblem[] {
  const names = clusters.map(({ index, definition }) =>
    ({ index, cluster: definition.name, field: 'name', key: definition.name.toLowerCase(), value: definition.name }));
  const perCluster = clusters.flatMap(cluster => duplicates(claimsWithin(cluster)));
  return [...duplicates(names), ...perCluster, ...overlaps(clusters.flatMap(directories))];
}

function claimsWithin({ index, definition }: Numbered): readonly Claim[] {
  return definition.members.flatMap((member, m) => {
    const claim = (field: string, kind: string, value: string): Claim =>
      ({ index, cluster: definition.name, field: `members[${m}].${field}`, key: `${kind} ${value.toLowerCase()}`, value });
    return [
      claim('name', 'name', member.name),
      ...member.clientUrls.map((url, i) => claim(`clientUrls[${i}]`, 'url', url)),
      ...member.peerUrls.map((url, i) => claim(`peerUrls[${i}]`, 'url', url)),
    ];
  });
}

function duplicates(claims: readonly Claim[]): readonly DefinitionProblem[] {
  const first = new Map<string, Claim>();
  return claims.flatMap(claim => {
    const other = first.get(claim.key);
    if (!other) first.set(claim.key, claim);
    return other ? [clash('DUPLICATE', claim, other)] : [];
  });
}

/** On one host a data or WAL directory must be neither another's nor inside another's: a restore renames within it. */
function overlaps(claims: readonly Claim[]): readonly DefinitionProblem[] {
  return claims.flatMap((claim, at) => {
    const other = claims.slice(0, at).find(earlier => isInside(claim.key, earlier.key) || isInside(earlier.key, claim.key));
    return other ? [clash('OVERLAPS', claim, other)] : [];
  });
}

function directories({ index, definition }: Numbered): readonly Claim[] {
  return definition.members.flatMap((member, m) => {
    const claim = (field: 'dataDir' | 'walDir', value: string): Claim => ({
      index, cluster: definition.name, field: `members[${m}].${field}`, value,
      key: `${member.host.toLowerCase()}\n${value.split('/').filter(part => part !== '' && part !== '.').join('/')}/`,
    });
    // A WAL directory may well lie inside its own data directory; only others must keep away.
    const ownWal = member.walDir !== undefined && !member.walDir.startsWith(`${member.dataDir}/`);
    return [claim('dataDir', member.dataDir), ...ownWal ? [claim('walDir', member.walDir)] : []];
  });
}

const isInside = (inner: string, outer: string): boolean => inner.startsWith(outer);

const clash = (code: 'DUPLICATE' | 'OVERLAPS', claim: Claim, other: Claim): DefinitionProblem => ({
  index: claim.index, cluster: claim.cluster, field: claim.field, code,
  args: { value: claim.value, other: other.value, otherCluster: other.cluster, otherField: other.field },
});
