import { knownLabs } from '/work/main/lab/state.ts';
import { openLab } from '/work/main/lab/openLab.ts';
import { LabEditor } from '/work/main/test/lab/restore/labRestore.ts';
import { beginRestore, digestOf } from '/work/main/src/node/restore/restoreRun.ts';
const [state] = await knownLabs();
const lab = openLab(state!);
await using editor = await LabEditor.open(lab, ['/root/.cache/etcd-recovery/etcd/3.5.30']);
const t0 = Date.now(); const log = (...a: unknown[]) => console.log(((Date.now()-t0)/1000).toFixed(1), ...a);
await lab.objects().fill(200); log('filled');
const snap = await editor.snapshot('before'); log('snap');
const plan = await editor.plan(snap, 'dbg-run-' + Math.random().toString(36).slice(2,8)); log('planned', plan.subject.tools, plan.subject.warnings.map(w => w.code));
try {
const end = await beginRestore(editor.context({ onEntry: e => log(JSON.stringify(e).slice(0, 600)) }), plan, digestOf(plan));
log(end);
} catch (e) { log('THREW', e); }
