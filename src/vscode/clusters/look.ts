import * as vscode from 'vscode';

/** An icon of the editor, in a colour of its theme. */
export const icon = (id: string, colour?: string): vscode.ThemeIcon =>
  new vscode.ThemeIcon(id, colour === undefined ? undefined : new vscode.ThemeColor(colour));

/** Foreign text in a tooltip: no markup in it is taken for ours. */
export const plain = (text: string): string => text.replace(/[\\`*_{}[\]()#+\-.!|<>~&$]/g, '\\$&');
