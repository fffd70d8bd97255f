import type { TlsFiles } from '../../../core/cluster/definition.js';
import { memberDefinition } from '../../../core/config/memberDefinition.js';
import { readConfig } from '../../../core/config/readConfig.js';
import { KnownError } from '../../../core/errors.js';
import type { Draft } from './draft.js';

/** Reads a draft out of a manifest or of `kubectl` output. What cannot be read safely is refused with line and column. */
export function readText(text: string, fileName: string | undefined): Draft {
  const reading = readConfig(text, fileName === undefined ? {} : { fileName });
  if (!reading.ok) {
    const finding = reading.findings.find(({ severity }) => severity === 'error') ?? reading.findings[0];
    throw finding ? new KnownError(finding.code, finding.args) : new KnownError('CONFIG_EMPTY', { file: fileName ?? '' });
  }
  const drafts = [reading.config, ...reading.others].map(memberDefinition);
  const tls: TlsFiles | undefined = drafts.find(draft => draft.tls)?.tls;
  const members = drafts.map(({ member, node }) => ({ ...member, ...node !== undefined && { host: node } }));
  const dataDirs = new Set(members.map(member => member.dataDir));
  const [dataDir] = dataDirs;
  return {
    members, endpoints: members.flatMap(member => member.clientUrls), run: 'staticPod',
    ...tls && { tls }, ...dataDirs.size === 1 && dataDir !== undefined && { dataDir },
  };
}
