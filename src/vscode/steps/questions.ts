import * as vscode from 'vscode';
import { unlinked } from '../unlinked.js';
import type { Outcome, Place } from './runSteps.js';

/** An answer, one step back, or the person left. */
export type Answer<T> = Exclude<Outcome<T>, { kind: 'pass' }>;

/** An entry of a choice. */
export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** A question with entries to choose from; the first is the default. */
export async function choose<T>(place: Place, placeholder: string, items: readonly Choice<T>[]): Promise<Answer<T>> {
  const input = vscode.window.createQuickPick<Choice<T>>();
  input.items = items;
  input.placeholder = placeholder;
  input.matchOnDescription = true;
  input.matchOnDetail = true;
  return settle(place, input, resolve => [
    input.onDidAccept(() => { const [chosen] = input.selectedItems; if (chosen) resolve({ kind: 'next', state: chosen.value }); }),
  ]);
}

/** A question to type an answer to. */
export interface TextQuestion {
  readonly prompt: string;
  readonly value: string;
  readonly placeholder?: string;
  /** What is wrong with an answer. An answer that is refused stays in the box. */
  readonly refuse: (text: string) => string | undefined | Promise<string | undefined>;
  /** Chooses the answer in another way: a dialog for files. */
  readonly browse?: { readonly label: string; readonly open: () => Thenable<string | undefined> };
}

/** Asks for a text; what is typed is checked at once, and again before it is taken. */
export async function askText(place: Place, question: TextQuestion): Promise<Answer<string>> {
  const input = vscode.window.createInputBox();
  input.prompt = unlinked(question.prompt);
  input.value = question.value;
  input.placeholder = question.placeholder ?? '';
  const browse: vscode.QuickInputButton | undefined = question.browse && { iconPath: new vscode.ThemeIcon('folder-opened'), tooltip: question.browse.label };
  const refuse = async (): Promise<boolean> => {
    const reason = await question.refuse(input.value.trim());
    input.validationMessage = unlinked(reason ?? '');
    return reason !== undefined;
  };
  return settle(place, input, resolve => [
    input.onDidChangeValue(() => { input.validationMessage = ''; }),
    input.onDidAccept(async () => {
      input.busy = true;
      const refused = await refuse();
      input.busy = false;
      if (!refused) resolve({ kind: 'next', state: input.value.trim() });
    }),
    input.onDidTriggerButton(async button => {
      if (button !== browse) return;
      const chosen = await question.browse?.open();
      if (chosen !== undefined) input.value = chosen;
    }),
  ], browse ? [browse] : []);
}

/** Shows an input until it is answered, left or gone back from; it and its listeners end with it. */
async function settle<T>(place: Place, input: vscode.QuickPick<Choice<T>> | vscode.InputBox,
  listen: (resolve: (answer: Answer<T>) => void) => readonly vscode.Disposable[], buttons: readonly vscode.QuickInputButton[] = []): Promise<Answer<T>> {
  const disposables: { dispose(): unknown }[] = [input];
  try {
    return await new Promise<Answer<T>>(resolve => {
      input.title = place.title;
      input.ignoreFocusOut = true;
      input.buttons = [...place.canGoBack ? [vscode.QuickInputButtons.Back] : [], ...buttons];
      disposables.push(
        ...listen(resolve),
        input.onDidTriggerButton(button => { if (button === vscode.QuickInputButtons.Back) resolve({ kind: 'back' }); }),
        input.onDidHide(() => resolve({ kind: 'left' })),
      );
      input.show();
    });
  } finally {
    vscode.Disposable.from(...disposables).dispose();
  }
}
