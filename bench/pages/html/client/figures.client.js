// The table of raw figures: searched, sorted, and drawn as one scrolls, so that thousands of rows cost nothing.
// The figures are JSON in the page; `bench/pages/html/figures.ts` writes them and says what stands where.

import { readAddress, writeAddress } from './address.client.js';
import { compareKeys, isWanted, markSorted, sortable, wanted } from './tables.client.js';

const data = document.getElementById('figures-data');
const rows = data ? JSON.parse(data.textContent) : [];
const table = document.getElementById('raw');
const box = table?.closest('.scroll');
const search = document.querySelector('#figures input[type="search"]');
const HEIGHT = 34;
const AROUND = 12;

let shown = rows;
let target;

/** The name of a figure in the address, such as `figure-churn-handshake-p99-session-hardened`. */
function idOf({ cells: [entry, suite, metric, measuredAt] }) {
  const words = `${suite} ${metric} ${entry} ${measuredAt}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return `figure-${words.replace(/-$/, '')}`;
}

function drawFigures() {
  if (!box || box.clientHeight === 0) return;
  const first = Math.max(0, Math.floor(box.scrollTop / HEIGHT) - AROUND);
  const last = Math.min(shown.length, first + Math.ceil(box.clientHeight / HEIGHT) + 2 * AROUND);
  const [above, body, below] = table.tBodies;
  space(above, first);
  space(below, shown.length - last);
  body.replaceChildren(...shown.slice(first, last).map((row, index) => rowOf(row, first + index)));
}

const space = (body, count) => (body.rows[0].cells[0].style.height = `${count * HEIGHT}px`);

function rowOf(row, index) {
  const line = document.createElement('tr');
  line.setAttribute('aria-rowindex', String(index + 2));
  if (row === target) line.className = 'target';
  row.cells.forEach((text, column) => {
    const cell = document.createElement(column === 0 ? 'th' : 'td');
    if (column === 0) cell.scope = 'row';
    cell.textContent = text;
    cell.title = text;
    cell.className = table.tHead.rows[0].cells[column].className;
    if (column === 0) cell.append(link(row));
    line.append(cell);
  });
  return line;
}

function link(row) {
  const anchor = document.createElement('a');
  anchor.className = 'anchor';
  anchor.href = `#${idOf(row)}`;
  anchor.textContent = '#';
  anchor.setAttribute('aria-label', `Link to this figure of ${row.cells[0]}`);
  return anchor;
}

/** Chooses the rows that hold every word of the search and that the filters let pass, and draws them. */
export function chooseFigures() {
  if (!table) return;
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const choice = wanted();
  shown = rows.filter((row) => {
    const text = row.cells.join(' ').toLowerCase();
    return isWanted(row, choice) && words.every((word) => text.includes(word));
  });
  const sorted = table.querySelector('[aria-sort]');
  if (sorted) {
    const key = (row) =>
      row.values[sorted.cellIndex] ?? (sorted.className ? undefined : row.cells[sorted.cellIndex] || undefined);
    const direction = sorted.getAttribute('aria-sort') === 'ascending' ? 1 : -1;
    shown = shown.toSorted((a, b) => compareKeys(key(a), key(b), direction));
  }
  table.setAttribute('aria-rowcount', String(shown.length + 1));
  document.querySelector('#figures .found').textContent = `${shown.length} of ${rows.length} figures shown`;
  drawFigures();
}

/** Scrolls to the figure of an anchor; whether there is one. */
export function goToFigure(anchor) {
  target = rows.find((row) => idOf(row) === anchor);
  if (target === undefined) return false;
  if (!shown.includes(target)) shown = rows;
  box.scrollTop = Math.max(0, shown.indexOf(target) * HEIGHT - box.clientHeight / 3);
  drawFigures();
  table.querySelector('tr.target a')?.focus({ preventScroll: true });
  box.scrollIntoView({ block: 'center', behavior: 'instant' });
  return true;
}

/** Draws the figures when their panel has become visible. */
export const figuresVisible = drawFigures;

export function startFigures() {
  if (!table) return;
  search.closest('form').hidden = false;
  sortable(table, (head, ascending) => {
    markSorted(head, ascending);
    chooseFigures();
  });
  search.closest('form').addEventListener('submit', (event) => event.preventDefault());
  search.addEventListener('input', () => {
    box.scrollTop = 0;
    chooseFigures();
    writeAddress({ find: search.value });
  });
  box.addEventListener('scroll', () => requestAnimationFrame(drawFigures), { passive: true });
  addEventListener('resize', drawFigures);
}

/** Sets the search and the order that an address asks for. */
export function restoreFigures() {
  if (!table) return;
  const { params } = readAddress();
  search.value = params.get('find') ?? '';
  const [id, index, way] = (params.get('sort') ?? '').split(':');
  const head = id === table.id ? table.tHead.rows[0].cells[Number(index)] : undefined;
  if (head) markSorted(head, way === 'up');
  chooseFigures();
}
