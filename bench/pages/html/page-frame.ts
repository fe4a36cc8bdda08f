import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chartStyle } from '../../report/charts/chart-style.ts';
import { type Markup, markup, trusted } from '../../report/markup.ts';
import { pageStyle } from './page-style.ts';
import { partStyle } from './part-style.ts';

/** In the order in which they need each other. */
const scripts = ['address', 'tips', 'tables', 'figures', 'tabs', 'page'];

/**
 * A page that needs nothing else: no network, and no script to show everything but the raw figures.
 *
 * @param title of the window
 * @param body what stands between `<body>` and its end
 */
export function pageFrame(title: string, body: Markup): string {
  const style = `${pageStyle}${partStyle}${chartStyle}`;
  const script = clientScript();
  const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; img-src data:; base-uri 'none'; form-action 'none'`;
  return markup`${trusted('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
</head>
<body>
${body}
<script type="module">${trusted(script)}</script>
</body>
</html>
`.text;
}

/** The modules of the page as one: without their imports, exports and what the compiler says of their source. */
const clientScript = (): string =>
  scripts
    .map((name) => readFileSync(new URL(`client/${name}.client.js`, import.meta.url), 'utf8'))
    .map((text) => text.replaceAll(/^import [^;]*;$|^export (?=function|const)|^\/\/# sourceMappingURL=.*$/gm, ''))
    .join('\n');

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
