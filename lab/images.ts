import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder, fillOnce } from '../scripts/cacheFolder.js';
import type { EtcdVersion } from '../scripts/etcdVersions.js';
import type { Kubernetes } from '../scripts/kubernetesFromSource.js';
import { run } from './run.js';

/** Counted up when the recipe below changes. */
const recipe = 1;

/** A container image as a file that containerd and podman load. */
export interface Image {
  /** The name a manifest calls it by. */
  readonly name: string;
  /** File in the folder of images. */
  readonly file: string;
  /** On this machine, each put into `/usr/local/bin`. */
  readonly programs: readonly string[];
}

/** Where the images are kept; hosts see it, read only. */
export const imagesFolder = (): string => cacheFolder('lab', `images-${recipe}`);

/** etcd's image, with the tools it brings and no shell, like the one kubeadm takes. */
export const etcdImage = ({ version, etcd, etcdctl, etcdutl }: EtcdVersion): Image =>
  ({ name: `registry.k8s.io/etcd:${version}-0`, file: `etcd-${version}.tar`, programs: [etcd, etcdctl, ...(etcdutl === undefined ? [] : [etcdutl])] });

/** Image of one program of the control plane. */
export function kubernetesImage({ version }: Kubernetes, program: string): Image {
  const name = path.basename(program);
  return { name: `registry.k8s.io/${name}:v${version}`, file: `${name}-${version}.tar`, programs: [program] };
}

/** Makes an image of programs and the libraries they need, without a registry. Does nothing twice. */
export async function makeImage(image: Image, report: (line: string) => void): Promise<void> {
  await mkdir(imagesFolder(), { recursive: true });
  await fillOnce(path.join(imagesFolder(), `${image.file}.d`), async folder => {
    report(`Making the image ${image.name}.`);
    await writeArchive(image, folder);
  });
}

/** Path of an image's file below the folder of images. */
export const imagePath = (image: Image): string => path.join(`${image.file}.d`, 'image.tar');

async function writeArchive(image: Image, folder: string): Promise<void> {
  const work = await mkdtemp(path.join(folder, 'work-'));
  const layer = path.join(work, 'layer.tar');
  const root = path.join(work, 'root');
  await fillRoot(root, image.programs);
  await run(['tar', '--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '-C', root, '-cf', layer, '.']);
  const diff = `sha256:${createHash('sha256').update(await readFile(layer)).digest('hex')}`;
  const config = JSON.stringify({
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64', os: 'linux', created: '1970-01-01T00:00:00Z',
    config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], WorkingDir: '/' },
    rootfs: { type: 'layers', diff_ids: [diff] },
    history: [{ created: '1970-01-01T00:00:00Z', created_by: 'lab/images.ts' }],
  });
  const configName = `${createHash('sha256').update(config).digest('hex')}.json`;
  await writeFile(path.join(work, configName), config);
  await writeFile(path.join(work, 'manifest.json'), JSON.stringify([{ Config: configName, RepoTags: [image.name], Layers: ['layer.tar'] }]));
  await run(['tar', '-C', work, '-cf', path.join(folder, 'image.tar'), 'manifest.json', configName, 'layer.tar']);
  await rm(work, { recursive: true });
}

async function fillRoot(root: string, programs: readonly string[]): Promise<void> {
  for (const folder of ['usr/local/bin', 'etc', 'tmp']) await mkdir(path.join(root, folder), { recursive: true });
  await chmod(path.join(root, 'tmp'), 0o1777);
  await writeFile(path.join(root, 'etc/passwd'), 'root:x:0:0:root:/:/sbin/nologin\n');
  await writeFile(path.join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n');
  for (const program of programs) {
    await copyInto(root, program, `/usr/local/bin/${path.basename(program)}`);
    for (const library of await libraries(program)) await copyInto(root, library, library);
  }
}

async function copyInto(root: string, from: string, to: string): Promise<void> {
  const target = path.join(root, to);
  await mkdir(path.dirname(target), { recursive: true });
  await copyFile(from, target);
  await chmod(target, 0o755);
}

/** The loader and the libraries of a program; none for a static one. */
async function libraries(program: string): Promise<string[]> {
  const { stdout } = await run(['ldd', program], { anyCode: true });
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, file = '']) => file);
}
