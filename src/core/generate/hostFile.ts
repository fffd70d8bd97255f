import { dataDirScript } from '../host/dataDirScript.js';
import { prelude } from '../host/prelude.js';
import { shellWord } from '../host/shellWord.js';
import type { Stage, Step } from '../plan.js';
import type { Guard } from './guards.js';
import { here } from './places.js';
import { plainLine } from './plainLine.js';
import { runtimeText } from './runtimeText.js';
import { runsText } from './runsText.js';
import { actionCall, call, probeCall, type Call, type Setting } from './scriptCalls.js';
import { sentenceFunction } from './sentences.js';
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

/** The script that makes data directories which were lost, and refuses beside another run, before anything else. */
export function prepareScript(setting: Setting, mode: Setting['plan']['kind']): string {
  const blocks = dataDirsOn(setting).map(dataDir => {
    const ask = call(setting, 'ask', 'runs', { text: prelude + runsText, args: [dataDir, setting.plan.run, mode] });
    const step = `needed() { :; }\n  probe() {\n    ${ask.line}\n  }\n  perform 0 prepare ${shellWord(plainLine(`Look for other runs in ${dataDir}`))} wait 0`;
    return { line: step, texts: ask.texts };
  });
  const made = mode === 'restore' ? setting.plan.stages.flatMap(({ steps }) => steps.flatMap(({ act }) => act.do === 'stage' && act.host === setting.host ? [act.staging] : [])) : [];
  const dirs = made.map(({ dataDir, owner }): Call => {
    const act = call(setting, 'act_by', 'dataDir', dataDirScript(dataDir, owner));
    return { line: `number=0 id=prepare title=${shellWord(plainLine(`Make ${dataDir} where it was lost`))}\n  [ "$mode" = look ] || ${act.line} || broken`, texts: act.texts };
  });
  return hostScript(setting, { title: 'Look for other runs, and make data directories that were lost', blocks: [...dirs, ...blocks] });
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
const textFunction = (name: string, text: string): string => {
  if (text.includes('\nEND_OF_TEXT\n')) throw new Error(`the text ${name} has a line that ends it`);
  const rest = text.startsWith(prelude) ? text.slice(prelude.length) : text;
  return `text_${name}() {\n  ${text.startsWith(prelude) ? 'text_prelude\n  ' : ''}cat <<'END_OF_TEXT'\n${rest}\nEND_OF_TEXT\n}`;
};

/** What most texts begin with. */
const preludeFunction = (): string => textFunction('prelude', `\n${prelude}`);
