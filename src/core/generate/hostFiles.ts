import { shellLine, shellWord } from '../host/shellWord.js';
import type { GeneratedFile } from './generatedFile.js';
import { dataDirsOn, prepareScript, stageScript } from './hostFile.js';
import { journalText } from './journalText.js';
import { memberHosts, partOf, type Layout, type Way } from './layout.js';

/** The scripts of every host, forward and back: what they share with nobody stands in them. */
export const hostFiles = (layout: Layout): readonly GeneratedFile[] => [...layout.folders].flatMap(([host, folder]) => {
  const place = `hosts/${folder}`;
  return [layout.forward, layout.back].flatMap(way => [
    ...memberHosts(layout).includes(host) ? [script(`${place}/${way.prepare}`, prepareScript({ plan: way.plan, host }, way.plan.kind))] : [],
    ...stageFiles(way, host, place),
  ]);
});

const stageFiles = (way: Way, host: string, place: string): readonly GeneratedFile[] => way.stages
  .filter(({ hosts }) => hosts.includes(host))
  .map(each => script(`${place}/${each.file}`, stageScript({ plan: way.plan, host }, each.stage, partOf(way.plan, each, host))));

/** What restore.sh sends to a host to read and write the copies of the journal there. */
export const journalFiles = (layout: Layout): readonly GeneratedFile[] => memberHosts(layout).map(host => {
  const { plan } = layout.forward;
  const paths = shellLine(dataDirsOn({ plan, host }).map(dataDir => `${dataDir}/restore-${plan.run}.journal`));
  return script(`hosts/${layout.folders.get(host) ?? ''}/journal.sh`,
    `# The copies of the journal of run ${shellWord(plan.run)} on this host. restore.sh and take-back.sh send it; by itself it does nothing.\n${journalText}\nhere() { verb=$1 lines=$2; "$verb" "$lines" ${paths}; }\n`);
});

const script = (path: string, text: string): GeneratedFile => ({ path, text, executable: true });
