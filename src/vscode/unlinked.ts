/**
 * Foreign text for a notification or an input box. There the editor turns `[text](command:…)` into a link that runs the
 * command when it is pressed, and no option prevents it: so nothing that others wrote may read like one.
 */
export const unlinked = (text: string): string => text.replaceAll('](', '] (');
