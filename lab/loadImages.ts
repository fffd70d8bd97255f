import path from 'node:path';
import { imagePath } from './images.js';
import type { Image } from './images.js';
import { execIn, imagesInHost } from './machine.js';
import type { HostState, LabState } from './state.js';
import { until } from './until.js';

/** Loads images into a host's runtime. */
export async function loadImages(lab: LabState, host: HostState, images: readonly Image[], signal?: AbortSignal): Promise<void> {
  const abort = signal === undefined ? {} : { signal };
  for (const image of images) {
    const file = path.join(imagesInHost, imagePath(image));
    const argv = lab.runtime === 'containerd' ? ['ctr', '-n', 'k8s.io', 'image', 'import', file] : ['podman', 'load', '--quiet', '--input', file];
    // containerd may need a moment after the boot.
    await until(`loading ${image.name} on ${host.name}`, () => execIn(host, argv, abort), signal, 60_000);
  }
}
