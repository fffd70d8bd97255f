import type * as vscode from 'vscode';
import type { ClusterSettings } from '../settings/clusterSettings.js';
import { numberSetting } from '../settings/userSetting.js';
import { ClusterWatch, type WatchSources } from './clusterWatch.js';

/** One watch for each cluster of the settings; a cluster whose definition changes gets a new one. */
export class Watches implements vscode.Disposable {
  private readonly watches = new Map<string, { readonly text: string; readonly watch: ClusterWatch }>();
  private readonly settings: ClusterSettings;
  private readonly sources: Omit<WatchSources, 'everyMs'>;

  constructor(settings: ClusterSettings, sources: Omit<WatchSources, 'everyMs'>) {
    this.settings = settings;
    this.sources = sources;
  }

  /** The watch of a cluster, or nothing when the settings have no such cluster. */
  of(name: string): ClusterWatch | undefined {
    const definition = this.settings.find(name);
    const known = this.watches.get(name);
    const text = definition === undefined ? '' : JSON.stringify(definition);
    if (known?.text === text) return known.watch;
    known?.watch.dispose();
    this.watches.delete(name);
    if (!definition) return undefined;
    const watch = new ClusterWatch(definition, { ...this.sources, everyMs: () => numberSetting('refreshSeconds', 10, 2, 3600) * 1000 });
    this.watches.set(name, { text, watch });
    return watch;
  }

  dispose(): void {
    for (const { watch } of this.watches.values()) watch.dispose();
    this.watches.clear();
  }
}
