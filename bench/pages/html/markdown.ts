import { type Markup, markup, trusted } from '../../report/markup.ts';

/**
 * Turns the Markdown of a suite's section into HTML: paragraphs, lists, tables, code, emphasis and folded parts. Pictures
 * are left out, because the page draws them itself. `name` labels the tables for assistive technology.
 */
export const fromMarkdown = (text: string, name: string): Markup =>
  markup`${blocksOf(text).map((block) => blockMarkup(block, name))}`;

/** Blocks are parted by empty lines, and a fenced block of code is one, whatever it holds. */
function blocksOf(text: string): string[] {
  const blocks = text.split(/(^```[\s\S]*?^```$)|\n\s*\n/m);
  return blocks.map((block) => block?.trim() ?? '').filter((block) => block !== '');
}

function blockMarkup(block: string, name: string): Markup {
  const lines = block.split('\n');
  const [first = ''] = lines;
  if (first.startsWith('```')) return markup`<pre><code>${lines.slice(1, -1).join('\n')}</code></pre>\n`;
  if (/^<\/?details>$|^<!--.*-->$|^!\[/.test(block)) return foldOf(block);
  if (first.startsWith('<details>') || first.startsWith('</details>')) {
    return markup`${foldOf(first)}${lines.length > 1 && blockMarkup(lines.slice(1).join('\n'), name)}`;
  }
  if (first.startsWith('<summary>')) return summaryOf(block);
  if (first.startsWith('#')) return markup`<h4>${inline(first.replace(/^#+ /, ''))}</h4>\n`;
  if (first.startsWith('|')) return tableOf(lines, name);
  if (/^[-*] /.test(first)) {
    const items = block.split(/^[-*] /m).filter((item) => item !== '');
    return markup`<ul>${items.map((item) => markup`<li>${inline(item.trim())}</li>`)}</ul>\n`;
  }
  return markup`<p>${inline(block)}</p>\n`;
}

const foldOf = (line: string): Markup =>
  line.startsWith('<details>')
    ? markup`<details>${line.includes('<summary>') && summaryOf(line.slice('<details>'.length))}`
    : trusted(line.startsWith('</details>') ? '</details>\n' : '');

const summaryOf = (text: string): Markup =>
  markup`<summary>${inline(text.replaceAll(/<\/?(?:summary|b|strong)>/g, ''))}</summary>\n`;

function tableOf([head = '', rule = '', ...rows]: readonly string[], name: string): Markup {
  const right = cellsOf(rule).map((cell) => cell.endsWith(':') && !cell.startsWith(':'));
  const figure = (index: number) => right[index] === true && markup` class="figure"`;
  return markup`<div class="scroll" role="region" aria-label="${name}, table" tabindex="0"><table>
<thead><tr>${cellsOf(head).map((cell, index) => markup`<th scope="col"${figure(index)}>${inline(cell)}</th>`)}</tr></thead>
<tbody>${rows.map((row) => {
    const [first = '', ...rest] = cellsOf(row);
    return markup`<tr><th scope="row">${inline(first)}</th>${rest.map((cell, index) => markup`<td${figure(index + 1)}>${inline(cell)}</td>`)}</tr>\n`;
  })}</tbody></table></div>\n`;
}

const cellsOf = (line: string): string[] =>
  line
    .replaceAll(/^\||\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll(String.raw`\|`, '|'));

/** Code, emphasis and links within a line. A link keeps its text alone: the page may be anywhere. */
export function inline(text: string): Markup {
  const parts = text.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*|\[[^\]]+\]\([^)]+\)|<br>)/);
  return markup`${parts.map((part) => {
    if (/^`.+`$/.test(part)) return markup`<code>${part.slice(1, -1)}</code>`;
    if (/^\*\*.+\*\*$/s.test(part)) return markup`<strong>${part.slice(2, -2)}</strong>`;
    if (/^\*[^*].*\*$/s.test(part)) return markup`<em>${part.slice(1, -1)}</em>`;
    if (part === '<br>') return trusted('<br>');
    return /^\[([^\]]+)\]\(/.exec(part)?.[1] ?? part;
  })}`;
}
