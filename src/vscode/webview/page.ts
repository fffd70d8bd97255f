import { randomBytes } from 'node:crypto';

/** What a panel's page is made of; URIs as the webview sees them. */
export interface PageParts {
  /** `webview.cspSource`. */
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
  readonly title: string;
  /** BCP 47, for screen readers. */
  readonly language: string;
}

/** A value that a page's script must carry to be run: 128 bits nobody can guess. */
export const makeNonce = (): string => randomBytes(16).toString('base64');

/** Denies everything, then allows the page's own script, style and the icons' font. */
export const contentSecurityPolicy = (cspSource: string, nonce: string): string => [
  `default-src 'none'`,
  `script-src 'nonce-${nonce}'`,
  `style-src ${cspSource}`,
  `font-src ${cspSource}`,
  `img-src ${cspSource}`,
  `base-uri 'none'`,
  `form-action 'none'`,
].join('; ');

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);

/** The page of a panel. It holds no data: everything shown arrives as messages and is set as text. */
export function page(parts: PageParts, nonce = makeNonce()): string {
  return `<!DOCTYPE html>
<html lang="${escape(parts.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escape(contentSecurityPolicy(parts.cspSource, nonce))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${escape(parts.style)}">
<title>${escape(parts.title)}</title>
</head>
<body>
<main id="root"></main>
<div id="live" class="visually-hidden" role="status" aria-live="polite"></div>
<script nonce="${escape(nonce)}" src="${escape(parts.script)}"></script>
</body>
</html>`;
}
