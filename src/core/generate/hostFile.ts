import type { Staging } from '../action.js';
import { dataDirScript } from '../host/dataDirScript.js';
import { prelude } from '../host/prelude.js';
import { shellWord } from '../host/shellWord.js';
import { stepsOf, type Stage, type Step } from '../plan.js';
import type { Guard } from './guards.js';
import { here } from './places.js';
import { plainLine } from './plainLine.js';
import { runtimeText } from './runtimeText.js';
import { runsText } from './runsText.js';
import { actionCall, call, probeCall, type Call, type Setting } from './scriptCalls.js';
import { sentenceFunction } from './sentences.js';
import { wayText } from './wayText.js';
import { titleText } from './words.js';

/** A step as it stands in a script: with its number in the plan, by which what is said of it is told from anything else. */
export interface NumberedStep {
  readonly step: Step;
  readonly number: number;
  readonly guard?: Guard | undefined;
}

/** The script of all that one stage does on one host. */
export function stageScript(setting: Setting, stage: Stage, steps: readonly NumberedStep[]): string {
  const blocks = steps.map(step => stepBlock(setting, step));
  return hostScript(setting, { title: titleText(stage.title), blocks });
}

/** The script that makes data directories which were lost, and refuses beside another run or on a lost way, before anything else. */
export function prepareScript(setting: Setting, mode: Setting['plan']['kind']): string {
  const members = setting.plan.subject.members.filter(({ host }) => host === setting.host);
  const runs = members.map(({ dataDir }) => preparation(`Look for other runs in ${dataDir}`, call(setting, 'ask', 'runs', { text: prelude + runsText, args: [dataDir, setting.plan.run, mode] })));
  if (mode === 'takeBack') {
    const ways = members.flatMap(({ dataDir, oldData, staged }) => oldData === undefined ? [] :
      [preparation(`Look whether the way back is open in ${dataDir}`, call(setting, 'ask', 'way', { text: prelude + wayText, args: [dataDir, oldData, staged] }))]);
    return hostScript(setting, { title: 'Look for other runs, and whether the way back is open', blocks: [...runs, ...ways] });
  }
  const dirs = stepsOf(setting.plan).flatMap(({ act }): readonly Call[] => act.do === 'stage' && act.host === setting.host ? [makeDir(setting, act.staging)] : []);
  return hostScript(setting, { title: 'Look for other runs, and make data directories that were lost', blocks: [...runs, ...dirs] });
}

const preparation = (title: string, ask: Call): Call =>
  ({ line: `needed() { :; }\n  probe() {\n    ${ask.line}\n  }\n  perform 0 prepare ${shellWord(plainLine(title))} wait 0`, texts: ask.texts });

function makeDir(setting: Setting, { dataDir, owner }: Staging): Call {
  const act = call(setting, 'act_by', 'dataDir', dataDirScript(dataDir, owner));
  return { line: `number=0 id=prepare title=${shellWord(plainLine(`Make ${dataDir} where it was lost`))}\n  [ "$mode" = look ] || ${act.line} || broken`, texts: act.texts };
}

/** Data directories of the plan's members on a host. */
export const dataDirsOn = ({ plan, host }: Setting): readonly string[] => plan.subject.members.filter(member => member.host === host).map(({ dataDir }) => dataDir);

function stepBlock(setting: Setting, { step, number, guard }: NumberedStep): Call {
  const probe = probeCall(setting, step.done);
  const act = actionCall(setting, step.act);
  const guarding = guard === undefined ? undefined : probeCall(setting, guard.probe);
  const how = step.act.do === 'expect' ? `wait ${Math.ceil(step.act.withinMs / 1000)}` : step.act.do === 'stop' ? 'always' : 'once';
  const lines = [
    `# ---- ${plainLine(step.id)}`,
    ...guarding === undefined ? ['needed() { :; }'] : [`guard() {\n    ${guarding.line}\n  }`, `needed() { ${guard?.when === 'unless' ? 'unless guard' : 'guard'}; }`],
    `probe() {\n    ${probe.line}\n  }`,
    ...act === undefined ? [] : [`act() {\n    ${act.line}\n  }`],
    `perform ${number} ${shellWord(step.id)} ${shellWord(titleText(step.title))} ${how}`,
  ];
  return { line: lines.join('\n  '), texts: new Map([...probe.texts, ...act?.texts ?? [], ...guarding?.texts ?? []]) };
}

function hostScript(setting: Setting, { title, blocks }: { readonly title: string; readonly blocks: readonly Call[] }): string {
  const { plan, host } = setting;
  const texts = new Map(blocks.flatMap(block => [...block.texts]));
  return `#!/bin/sh
# ${title}
# Cluster ${plainLine(plan.cluster)}, run ${plan.run}, host ${plainLine(host)}. Generated from a plan: see README.md.
# Run it as root on that host, with nothing but sh. Exit code 0: done. 70: stopped at a step, whose sentence is printed. 75: done, but
# a check could not be made. Safe to run again: what is in place is found and left alone. With the word "look" it changes nothing.
${runtimeText}
${sentenceFunction()}
${preludeFunction()}
${[...texts].map(([name, text]) => textFunction(name, text)).join('\n')}
steps() {
  ${blocks.map(({ line }) => line).join('\n\n  ')}
}

# Nothing above runs before all of it has arrived.
main() {
  mode=$1${host === here ? `\n  snapshot=${shellWord(plan.subject.snapshot.path)}; [ -z "\${SNAPSHOT-}" ] || snapshot=$SNAPSHOT` : ''}
  locked ${dataDirsOn(setting).map(shellWord).join(' ')}
}
if [ "\${1-run}" = look ]; then main look; else main run; fi </dev/null
exit
`;
}

/** The very text that the editor runs, as the function that prints it. */
const textFunction = (name: string, text: string): string =>
  text.startsWith(prelude) ? printing(name, 'text_prelude\n  ', text.slice(prelude.length)) : printing(name, '', text);

/** What most texts begin with. */
const preludeFunction = (): string => printing('prelude', '', prelude);

function printing(name: string, first: string, text: string): string {
  if (`\n${text}`.includes('\nEND_OF_TEXT\n') || !text.endsWith('\n')) throw new Error(`the text ${name} cannot be written down`);
  return `text_${name}() {\n  ${first}cat <<'END_OF_TEXT'\n${text}END_OF_TEXT\n}`;
}
