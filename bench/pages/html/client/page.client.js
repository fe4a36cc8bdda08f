// The behaviour of the page: filters, order, tabs and explanations. `page-frame.ts` puts these files together, unchanged.

import { readAddress, writeAddress } from './address.client.js';
import { chooseFigures, restoreFigures, startFigures } from './figures.client.js';
import { restoreTables, startTables } from './tables.client.js';
import { goTo, startTabs } from './tabs.client.js';
import { startTips } from './tips.client.js';

function restore() {
  const { anchor, params } = readAddress();
  restoreTables(params);
  restoreFigures();
  goTo(anchor);
}

startTips();
startTables();
startFigures();
startTabs();
restore();
document.querySelector('form.filters')?.addEventListener('change', chooseFigures);
// A link within the page keeps the filters, the search and the order.
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const anchor = link.getAttribute('href').slice(1);
  writeAddress({}, anchor);
  goTo(anchor);
});
addEventListener('hashchange', restore);
