import { knownLabs } from '/work/main/lab/state.ts';
import { openLab } from '/work/main/lab/openLab.ts';
import { LabEditor } from '/work/main/test/lab/restore/labRestore.ts';
import { apiServerReady } from '/work/main/src/node/restore/apiServerReady.ts';
const [state] = await knownLabs();
const lab = openLab(state!);
await using editor = await LabEditor.open(lab, []);
const c = editor.context(); const host = c.hosts.get('cp-1')!;
const q = { is: 'ready' as const, host: 'cp-1', port: 6443, tls: { caFile: '/etc/kubernetes/pki/ca.crt', serverName: lab.hosts[0]!.address } };
for (let i = 0; i < 60; i++) {
  try {
    const a = process.argv[2] === 'ready' ? apiServerReady(host, q, c.signal) : process.argv[2] === 'read' ? host.read('/etc/kubernetes/pki/ca.crt') : process.argv[2] === 'dial' ? host.dial('127.0.0.1:6443', c.signal).then(s => { s.on('error', () => {}); s.destroy(); }) : 0;
    const b = host.append('/tmp/x', 'hello\n').catch(e => { if (e.code !== 'FILE_UNWRITABLE') throw e; });
    const r = await Promise.all([a, b]);
    if (i === 0) console.log(r[0]);
  } catch (e) { console.log(i, String(e)); break; }
}
console.log('done');
