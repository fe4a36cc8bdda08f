// What the page does beyond showing everything: sorting by the buttons of a table's head, and hiding rows.
// It runs as it stands, in the browser; it is put into the page when that is rendered.

const form = document.querySelector('form.filters');
const told = document.querySelector('.told');
const filtered = [...document.querySelectorAll('[data-role][data-strategy]')];

/** The figure that a cell sorts by, or its text in a column of text; nothing where it has none. */
function keyOf(row, head) {
  const cell = row.cells[head.cellIndex];
  if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
  return head.classList.contains('figure') ? undefined : cell.textContent.trim() || undefined;
}

/** Rows without a figure stay last, whichever way the others go. */
function compare(a, b, direction) {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return order * direction;
}

function sort(head) {
  const table = head.closest('table');
  const ascending = head.getAttribute('aria-sort') !== 'ascending';
  for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
  head.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, key: keyOf(row, head) }));
  rows.sort((a, b) => compare(a.key, b.key, ascending ? 1 : -1));
  table.tBodies[0].append(...rows.map(({ row }) => row));
  told.textContent = `Sorted by ${head.textContent.trim()}, ${ascending ? 'ascending' : 'descending'}.`;
}

function filter() {
  const wanted = new FormData(form);
  for (const one of filtered) {
    one.hidden = !['strategy', 'variant', 'role'].every(
      (name) => !form.elements[name] || wanted.getAll(name).includes(one.dataset[name]),
    );
  }
  const rows = filtered.filter((one) => one.closest('table') === document.querySelector('table.comparison'));
  told.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} rows shown.`;
}

for (const head of document.querySelectorAll('table.sortable thead th')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = head.textContent;
  head.replaceChildren(button);
  button.addEventListener('click', () => sort(head));
}

form.hidden = false;
form.addEventListener('change', filter);
// The boxes are back at their first state only after the event.
form.addEventListener('reset', () => setTimeout(filter));
form.addEventListener('submit', (event) => event.preventDefault());
