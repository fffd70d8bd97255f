import { knownLabs } from '/work/main/lab/state.ts';
import { openLab } from '/work/main/lab/openLab.ts';
import { LabEditor } from '/work/main/test/lab/restore/labRestore.ts';
import { journalsOnHosts } from '/work/main/src/node/restore/journalsOnHosts.ts';
import { isOpen } from '/work/main/src/core/journal.ts';
import { resumeRun, takeRestoreBack, wayBack } from '/work/main/src/node/restore/restoreRun.ts';
const [state] = await knownLabs();
const lab = openLab(state!);
await using editor = await LabEditor.open(lab, ['/root/.cache/etcd-recovery/etcd/3.5.30'], 'ops');
const t0 = Date.now(); const log = (...a: unknown[]) => console.log(((Date.now()-t0)/1000).toFixed(1), ...a);
const c = editor.context();
const runs = await journalsOnHosts(c.hosts, editor.cluster, c.signal);
log(runs.map(r => [r.opening.plan.run, isOpen(r)]));
const r = runs[0]!;
if (process.argv[2] === 'back') { const w = await wayBack(c, r); log(w.plan.stages.map(s => s.steps.map(x => x.id).join(' '))); log(await takeRestoreBack(editor.context({ onEntry: e => log(JSON.stringify(e).slice(0, 300)) }), r, w.digest)); }
else log(await resumeRun(editor.context({ onEntry: e => log(JSON.stringify(e).slice(0, 300)) }), r, r.opening.digest));
