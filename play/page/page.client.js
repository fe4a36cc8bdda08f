// The page: it draws the lanes, presses the buttons, and tells what happens.

import { summaryOf, verdictOf } from '../model/verdict.js';
import { claimButtons } from './claims.client.js';
import { toggleDetails } from './details.client.js';
import { drawLanes } from './draw.client.js';
import { LiveLanes } from './feed.client.js';

/** How often lanes are drawn and words change, in ms. */
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const FRAME = 80;
const CALM_FRAME = 1000;
const WORDS = 500;
/** How long after a button its effect is told, in ms. */
const SETTLES = 1500;

/** @type {HTMLElement[]} */
const lanes = [...document.querySelectorAll('.lane')].filter((lane) => lane instanceof HTMLElement);
const pictures = lanes.map((lane) => lane.querySelector('svg.bars'));
const axis = document.querySelector('svg.axis');
const told = document.querySelector('#told');
const form = document.querySelector('form.scenario');

const live = new LiveLanes(lanes.length, did, connection);
let up = 0;

/** @param {string} text */
function tell(text) {
  if (told !== null) told.textContent = text;
}

/** @param {boolean} connected */
function connection(connected) {
  if (!connected) tell('The page has lost its server, and tries to come back.');
  else if (up === lanes.length) tell('The lanes are live.');
}

/**
 * @param {string} action
 * @param {number} failed
 */
function did(action, failed) {
  tell(`${action}.`);
  setTimeout(() => {
    const failure = failed === 0 ? '' : ` It failed in ${failed} ${failed === 1 ? 'lane' : 'lanes'}.`;
    tell(`${action}: ${summaryOf(live.states.map((lane) => verdictOf(lane, live.now)))}${failure}`);
  }, SETTLES);
}

/** @param {number} index */
function clockOf(index) {
  const end = live.states[index]?.clients[0]?.endsAt ?? null;
  if (end === null) return 'Nothing tells when it ends.';
  const seconds = ((end - live.now) / 1000).toFixed(1);
  return end > live.now ? `It ends in ${seconds} s.` : `It ended ${seconds.slice(1)} s ago.`;
}

/** @param {string} path */
async function press(path) {
  const response = await fetch(path, { method: 'POST' }).catch(() => undefined);
  if (response?.status === 429) tell('Too many actions are under way. Wait a moment.');
  else if (response?.ok !== true) tell('This did not work.');
}

let drawn = 0;
/** @param {number} at */
function draw(at) {
  requestAnimationFrame(draw);
  if (at - drawn < (calm.matches ? CALM_FRAME : FRAME)) return;
  drawn = at;
  drawLanes(axis, pictures, live.states, live.now);
}

function words() {
  const states = live.states;
  lanes.forEach((lane, index) => {
    const state = states[index];
    if (state === undefined) return;
    const { tone, text, notes } = verdictOf(state, live.now);
    const verdict = lane.querySelector('.verdict');
    if (verdict === null) return;
    verdict.className = `verdict ${tone}`;
    setText(verdict.querySelector('strong'), text);
    setText(verdict.querySelector('.notes'), notes.join('; '));
    lane.querySelector('svg.bars')?.setAttribute('aria-label', [text, ...notes].join('; '));
    lane.dataset['tone'] = tone;
  });
  const running = states.filter(({ server }) => server !== 'starting').length;
  if (running === up) return;
  up = running;
  tell(
    up === lanes.length ? 'All servers are up, and the lanes are live.' : `${up} of ${lanes.length} servers are up.`,
  );
}

/**
 * @param {Element | null} element
 * @param {string} text
 */
function setText(element, text) {
  if (element !== null && element.textContent !== text) element.textContent = text;
}

for (const button of document.querySelectorAll('button[data-act]'))
  button.addEventListener('click', () => void press(`/act/${button.getAttribute('data-act')}`));
lanes.forEach((lane, index) =>
  lane
    .querySelector('h2 button')
    ?.addEventListener(
      'click',
      () => void toggleDetails(lane, () => clockOf(index)).catch(() => tell('This lane cannot be opened now.')),
    ),
);

const select = form?.querySelector('select');
const says = form?.querySelector('.says');
function showScenario() {
  if (!select || !(says instanceof HTMLElement)) return;
  says.hidden = false;
  setText(says, select.selectedOptions[0]?.title ?? '');
}
if (select) {
  const wanted = new URLSearchParams(location.search).get('scenario');
  if ([...select.options].some(({ value }) => value === wanted)) select.value = wanted ?? '';
  showScenario();
  select.addEventListener('change', () => {
    history.replaceState(null, '', `?scenario=${select.value}`);
    showScenario();
  });
  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    history.replaceState(null, '', `?scenario=${select.value}`);
    void press(`/scenario/${select.value}`);
  });
}

claimButtons(tell);
setInterval(words, WORDS);
requestAnimationFrame(draw);
