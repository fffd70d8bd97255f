import assert from 'node:assert/strict';
import type { Lab, LabHost } from '../../../lab/lab.js';

/** A file to be made on a host, or one that was found there: text, or `null` for a directory. */
export type Tree = Readonly<Record<string, string | null>>;

// Names and contents come and go as base64, so that nothing on the way takes part in the test.
const plantText = `
import base64, json, os, sys
def text(value): return base64.b64decode(value)
for name, content in json.load(sys.stdin):
    path = text(name)
    if content is None: os.makedirs(path, exist_ok=True); continue
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file: file.write(text(content))
    if os.path.basename(path).startswith(b'tell-') or os.path.basename(path) == b'etcdutl': os.chmod(path, 0o755)
`;
const gatherText = `
import base64, json, os, sys
root = sys.argv[1].encode(); found = []
code = lambda value: base64.b64encode(value).decode()
for folder, folders, files in os.walk(root):
    for name in folders:
        path = os.path.join(folder, name)
        if os.path.islink(path): found.append([code(path), 'link'])
        elif not os.listdir(path): found.append([code(path), None])
    for name in files:
        path = os.path.join(folder, name)
        with open(path, 'rb') as file: found.append([code(path), code(file.read(1000000))])
json.dump(found, sys.stdout)
`;

const encoded = (text: string): string => Buffer.from(text).toString('base64');
const decoded = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

/** Makes files on a host, past the network and every shell. */
export async function plant(lab: Lab, host: LabHost, files: Tree): Promise<void> {
  const input = JSON.stringify(Object.entries(files).map(([path, content]) => [encoded(path), content === null ? null : encoded(content)]));
  await lab.exec(host, ['python3', '-c', plantText], { input });
}

/** Everything below a folder of a host: files, and directories that are empty. */
export async function gathered(lab: Lab, host: LabHost, root: string): Promise<Tree> {
  const found: unknown = JSON.parse((await lab.exec(host, ['python3', '-c', gatherText, root])).stdout);
  assert(Array.isArray(found));
  return Object.fromEntries(found.map((each: unknown) => {
    assert(Array.isArray(each) && typeof each[0] === 'string');
    const content: unknown = each[1];
    return [decoded(each[0]), typeof content === 'string' ? decoded(content) : null];
  }));
}
