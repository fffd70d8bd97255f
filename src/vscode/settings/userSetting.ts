import * as vscode from 'vscode';

/** Where all our settings stand. */
export const section = 'etcdRecovery';

/**
 * The user's own value of a setting, else its default. A workspace's or a folder's value is never looked at, whatever
 * the editor's filters would let through: settings reach paths, hosts and commands.
 */
export function userSetting(name: string): unknown {
  const found = vscode.workspace.getConfiguration(section).inspect<unknown>(name);
  return found?.globalValue ?? found?.defaultValue;
}

/** Writes the user's own value. */
export const writeUserSetting = (name: string, value: unknown): Thenable<void> =>
  vscode.workspace.getConfiguration(section).update(name, value, vscode.ConfigurationTarget.Global);

/** A list of texts; whatever else stands in the setting counts as empty. */
export function textsSetting(name: string): readonly string[] {
  const value = userSetting(name);
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string' && item.trim() !== '') : [];
}

/** A text, or the fallback. */
export function textSetting(name: string, fallback: string): string {
  const value = userSetting(name);
  return typeof value === 'string' && value.trim() !== '' ? value : fallback;
}

/** A number within bounds, or the fallback. */
export function numberSetting(name: string, fallback: number, min: number, max: number): number {
  const value = userSetting(name);
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : fallback;
}
