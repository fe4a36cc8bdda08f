// Tabs by the ARIA pattern: arrows, Home and End move between them, and the chosen one stands in the address.

import { writeAddress } from './address.client.js';
import { figuresVisible, goToFigure } from './figures.client.js';

const list = document.querySelector('[role="tablist"]');
const tabs = [...(list?.querySelectorAll('[role="tab"]') ?? [])];
const panelOf = (tab) => document.getElementById(tab.getAttribute('aria-controls'));

export function selectTab(chosen) {
  for (const tab of tabs) {
    tab.setAttribute('aria-selected', String(tab === chosen));
    tab.tabIndex = tab === chosen ? 0 : -1;
    panelOf(tab).hidden = tab !== chosen;
  }
  figuresVisible();
}

function onKey(event) {
  const at = tabs.indexOf(event.target);
  const last = tabs.length - 1;
  const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[
    event.key
  ];
  if (at === -1 || next === undefined) return;
  event.preventDefault();
  tabs[next].focus();
  choose(tabs[next]);
}

function choose(tab) {
  selectTab(tab);
  writeAddress({}, panelOf(tab).id);
}

/** Opens the tab and the folded parts that an anchor lies in, and scrolls to it. */
export function goTo(anchor) {
  document.querySelector('.target')?.classList.remove('target');
  const figures = tabs.find((tab) => panelOf(tab).id === 'figures');
  if (anchor.startsWith('figure-') && figures) {
    selectTab(figures);
    goToFigure(anchor);
    return;
  }
  const element = anchor === '' ? null : document.getElementById(anchor);
  if (!element) return;
  const tab = tabs.find((one) => panelOf(one).contains(element));
  if (tab) selectTab(tab);
  for (let outer = element; outer; outer = outer.parentElement) if (outer.tagName === 'DETAILS') outer.open = true;
  if (element.tagName === 'SECTION') {
    (tab ? list : element).scrollIntoView({ block: 'start', behavior: 'instant' });
    return;
  }
  element.classList.add('target');
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
}

export function startTabs() {
  if (!list) return;
  list.hidden = false;
  for (const tab of tabs) {
    const panel = panelOf(tab);
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', tab.id);
    panel.classList.add('panel');
    tab.addEventListener('click', () => choose(tab));
  }
  list.addEventListener('keydown', onKey);
  selectTab(tabs[0]);
}
