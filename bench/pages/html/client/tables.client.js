// Sorting by the buttons of a table's head, and hiding the rows and columns that the filters leave out.

import { writeAddress } from './address.client.js';

const form = document.querySelector('form.filters');
const names = ['variant', 'role', 'strategy'];

/** The choice of each filter; an empty one lets everything pass. */
export const wanted = () => Object.fromEntries(names.map((name) => [name, form?.elements[name]?.value ?? '']));

/** A row without a variant passes every choice of a variant. */
export const isWanted = (has, choice) =>
  names.every((name) => choice[name] === '' || has[name] === choice[name] || (name === 'variant' && !has.variant));

export function filterRows() {
  const choice = wanted();
  const rows = [...document.querySelectorAll('tr[data-strategy], section [data-strategy]:not(th, tr)')];
  for (const row of rows) row.hidden = !isWanted(row.dataset, choice);
  for (const head of document.querySelectorAll('thead th[data-strategy]')) {
    const hidden = !isWanted(head.dataset, choice);
    for (const row of head.closest('table').rows)
      if (row.cells[head.cellIndex]) row.cells[head.cellIndex].hidden = hidden;
  }
  const own = rows.filter((row) => row.closest('table')?.id === document.querySelector('table.sortable')?.id);
  const count = document.querySelector('.count');
  if (count) count.textContent = `${own.filter((row) => !row.hidden).length} of ${own.length} rows shown`;
}

/** The figure that a cell sorts by, or its text in a column of text; undefined where it has none. */
function keyOf(row, head) {
  const cell = row.cells[head.cellIndex];
  if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
  return head.classList.contains('figure') ? undefined : cell.textContent.trim() || undefined;
}

/** Rows without a figure stay last, whichever way the others go. */
export function compareKeys(a, b, direction) {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return order * direction;
}

/** Marks one head of a table as the one that it is sorted by. */
export function markSorted(head, ascending) {
  for (const other of head.parentElement.cells) other.removeAttribute('aria-sort');
  head.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
  writeAddress({ sort: `${head.closest('table').id}:${head.cellIndex}:${ascending ? 'up' : 'down'}` });
}

function sortRows(head, ascending) {
  const body = head.closest('table').tBodies[0];
  const rows = [...body.rows].map((row) => ({ row, key: keyOf(row, head) }));
  rows.sort((a, b) => compareKeys(a.key, b.key, ascending ? 1 : -1));
  body.append(...rows.map(({ row }) => row));
  markSorted(head, ascending);
}

/** Gives every head of a table a button that sorts by it, first upwards, then downwards. */
export function sortable(table, sort = sortRows) {
  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'sort';
    button.append(...head.childNodes);
    head.replaceChildren(button);
    button.addEventListener('click', () => sort(head, head.getAttribute('aria-sort') !== 'ascending'));
  }
  return sort;
}

export function startTables() {
  for (const table of document.querySelectorAll('table.sortable')) sortable(table);
  if (!form) return;
  form.hidden = false;
  form.addEventListener('change', () => {
    filterRows();
    writeAddress(wanted());
  });
  // The choices are back at their first state only after the event.
  form.addEventListener('reset', () => setTimeout(() => form.dispatchEvent(new Event('change'))));
  form.addEventListener('submit', (event) => event.preventDefault());
}

/** Sets the filters and the order that an address asks for. */
export function restoreTables(params) {
  for (const name of names) {
    const select = form?.elements[name];
    if (select) select.value = params.get(name) ?? '';
    if (select && select.selectedIndex === -1) select.value = '';
  }
  filterRows();
  const [id, index, way] = (params.get('sort') ?? '').split(':');
  const table = id ? document.getElementById(id) : null;
  if (table?.matches('table.sortable')) {
    const head = table.tHead.rows[0].cells[Number(index)];
    if (head) sortRows(head, way === 'up');
  }
}
