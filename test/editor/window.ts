import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';

/** How long the window may take to show what is waited for, in milliseconds. */
const patience = 20_000;

/** A notification as it stands in the window. */
export interface Toast {
  readonly text: string;
  readonly buttons: readonly string[];
}

/** The editor's window, driven as a person would: by what is seen, clicked and typed. */
export class EditorWindow {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(patience);
  }

  /** Opens a folder and waits until the window can be used. */
  async open(url: string, folder: string): Promise<void> {
    await this.page.goto(`${url}?folder=${encodeURIComponent(folder)}`);
    await this.page.locator('.monaco-workbench').waitFor();
    await this.page.locator('.statusbar-item').first().waitFor();
  }

  /** Runs a command by its full title, such as "etcd Recovery: Add Cluster…". */
  async run(title: string): Promise<void> {
    const entry = this.quickInput.locator('.quick-input-list-entry').filter({ has: this.page.getByText(title, { exact: true }) }).first();
    for (let tries = 0; ; tries++) {
      await this.openPalette(title);
      try {
        await entry.waitFor({ timeout: 1_500 });
        break;
      } catch (error) {
        await this.page.keyboard.press('Escape');
        if (tries === 12) throw new Error(`there is no command "${title}"`, { cause: error });
      }
    }
    await entry.click();
  }

  /** Whether the command palette offers a command of this title now. */
  async offers(title: string): Promise<boolean> {
    await this.openPalette(title);
    await this.quickInput.locator('.monaco-list-row').first().waitFor();
    const count = await this.quickInput.getByText(title, { exact: true }).count();
    await this.page.keyboard.press('Escape');
    return count > 0;
  }

  /** F1 is lost while the window is still being drawn, so it is pressed until the palette is there. */
  private async openPalette(text: string): Promise<void> {
    for (let tries = 0; tries < 10; tries++) {
      await this.page.keyboard.press('F1');
      if (await this.quickBox.waitFor({ timeout: 1_000 }).then(() => true, () => false)) break;
    }
    await this.quickBox.fill(`>${text}`);
  }

  /** The widget of quick picks and input boxes. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  private get quickBox(): Locator {
    return this.quickInput.locator('.quick-input-box input');
  }

  /** Title of the quick pick or input box that is open, once its text matches. */
  async quickTitle(expected: RegExp): Promise<string> {
    const title = this.quickInput.locator('.quick-input-title').filter({ hasText: expected });
    await title.waitFor();
    return title.innerText();
  }

  /** Labels of the entries of the open quick pick. */
  async quickEntries(): Promise<string[]> {
    await this.quickInput.locator('.monaco-list-row').first().waitFor();
    return this.quickInput.locator('.quick-input-list-entry .label-name').allInnerTexts();
  }

  /** Chooses an entry of the open quick pick by its label. */
  async pick(label: string | RegExp): Promise<void> {
    const name = this.page.locator('.label-name').filter({ hasText: label });
    await this.quickInput.locator('.quick-input-list-entry').filter({ has: name }).first().click();
  }

  /** Types into the open input box and accepts it. */
  async answer(text: string): Promise<void> {
    await this.quickBox.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /**
   * Saves to `target` in the dialog that asks for a file. While it still lists its folder it puts its own proposal over what is
   * typed: so the target is typed once it has settled, and confirmed once it stands there.
   */
  async saveAs(target: string): Promise<void> {
    await this.quickBox.waitFor();
    await this.quickInput.locator('.monaco-progress-container.active').waitFor({ state: 'hidden' });
    for (let tries = 0; await this.quickBox.inputValue() !== target; tries++) {
      if (tries === 20) throw new Error(`the dialog does not take ${target}`);
      await this.quickBox.fill(target);
      await this.page.waitForTimeout(300);
    }
    await this.page.keyboard.press('Enter');
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  /** What the open input box says about what was typed. */
  async inputMessage(): Promise<string> {
    const message = this.quickInput.locator('.quick-input-message');
    await message.waitFor();
    return message.innerText();
  }

  /** Notifications in view. */
  async toasts(): Promise<Toast[]> {
    const all = await this.page.locator('.notification-toast').all();
    return Promise.all(all.map(async toast => ({
      text: await toast.locator('.notification-list-item-message').innerText(),
      buttons: await toast.locator('.notification-list-item-buttons-container .monaco-button').allInnerTexts(),
    })));
  }

  /** Waits for a notification whose text matches and returns it. */
  toast(expected: string | RegExp): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: expected }).first();
  }

  /** Presses a button of a notification. */
  async answerToast(expected: string | RegExp, button: string): Promise<void> {
    await this.toast(expected).locator('.monaco-button').filter({ hasText: button }).click();
  }

  /** The modal dialog: it stands in the page like everything else of this edition. */
  get modal(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Presses a button of the modal dialog and waits until it is gone. */
  async answerModal(button: string): Promise<void> {
    await this.modal.getByRole('button', { name: button, exact: true }).click();
    await this.modal.waitFor({ state: 'detached' });
  }

  /** Opens the extension's own view container from the activity bar. */
  async openView(name = 'etcd Recovery'): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name: new RegExp(`^${name}`) });
    if (await tab.getAttribute('aria-selected') !== 'true') await tab.click();
    await this.page.locator('.sidebar .pane-body').first().waitFor();
  }

  /** The rows of the tree views in the side bar. */
  get rows(): Locator {
    return this.page.locator('.sidebar .pane-body .monaco-list-row');
  }

  /** One row of a tree view. */
  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text }).first();
  }

  /** Chooses an entry of a row's context menu. */
  async rowMenu(row: string | RegExp, entry: string): Promise<void> {
    await this.row(row).click({ button: 'right' });
    await this.page.locator('.context-view .monaco-menu').getByText(entry, { exact: true }).click({ delay: 200 }); // a menu is deaf for its first 100 ms
  }

  /** What a panel of the extension shows: the content of the webview in the active editor. */
  panel(): FrameLocator {
    return this.page.locator('iframe.webview.ready:visible').first().contentFrame().locator('#active-frame').contentFrame();
  }

  /** Titles of the open editors, the active one marked by `active`. */
  async tabs(): Promise<{ readonly title: string; readonly active: boolean }[]> {
    const all = await this.page.locator('.editor-group-container .tab').all();
    return Promise.all(all.map(async tab => ({
      title: await tab.locator('.label-name').innerText(),
      active: await tab.getAttribute('aria-selected') === 'true',
    })));
  }

  /** Closes notifications that would hide what a picture is to show, and takes it. */
  async screenshot(name: string): Promise<string> {
    const file = path.resolve('test-results/screenshots', `${name}.png`);
    await mkdir(path.dirname(file), { recursive: true });
    await this.page.screenshot({ path: file, animations: 'disabled' });
    return file;
  }
}
