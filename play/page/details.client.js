// The details of an opened lane: its frames, its token, its security log, its figures and its source.

/** @typedef {import('../lanes/lane.ts').LaneDetails} Details */
/** @typedef {import('../web/about.ts').About} About */

/** How often an open lane is asked for, in ms. */
const EVERY = 1000;

/** @type {{ lane: HTMLElement, timer: number } | undefined} */
let open;

/**
 * @param {HTMLElement} lane
 * @param {() => string} clock tells when the lane's credential ends
 */
export async function toggleDetails(lane, clock) {
  const before = open;
  close();
  if (before?.lane === lane) return;
  const box = part(lane, '.details');
  part(lane, 'h2 button').setAttribute('aria-expanded', 'true');
  box.hidden = false;
  if (box.childElementCount === 0) box.replaceChildren(...sections(await fetched(`${pathOf(lane)}/about`)));
  const refresh = () => {
    part(box, '.clock').textContent = clock();
    // The next one may succeed: a server may be down in this moment.
    void showLive(lane, box).catch(() => {});
  };
  refresh();
  open = { lane, timer: window.setInterval(refresh, EVERY) };
}

function close() {
  if (open === undefined) return;
  clearInterval(open.timer);
  part(open.lane, 'h2 button').setAttribute('aria-expanded', 'false');
  part(open.lane, '.details').hidden = true;
  open = undefined;
}

/** @param {About} about */
function sections({ summary, clientDoes, deviations, results, sources }) {
  const live = element('div', 'columns');
  for (const [name = '', title = ''] of [
    ['frames', 'Frames, without credentials'],
    ['token', 'The credential that the client presents, without its signature'],
    ['metrics', 'Metrics: what the gateways and the clients have counted'],
    ['log', 'Security log of the server'],
  ]) {
    const box = element('div', name);
    box.append(element('h3', '', title), ...(name === 'token' ? [element('p', 'clock quiet')] : []), region(title, ''));
    live.append(box);
  }
  const figures = element('div', 'figures');
  const list = element('dl', 'facts');
  for (const [column, text] of results) list.append(element('dt', '', column), element('dd', '', text));
  figures.append(
    element('h3', '', 'Its row in RESULTS.md'),
    results.length > 0 ? list : element('p', '', 'RESULTS.md has no row for it.'),
  );
  live.append(figures);
  const promises = element('ul', '');
  promises.append(...deviations.map((text) => element('li', '', text)));
  return [
    element('p', '', `${summary}. Client code: ${clientDoes}.`),
    live,
    element('h3', '', 'What it does not keep'),
    deviations.length > 0 ? promises : element('p', '', 'It keeps every promise of the audit.'),
    ...sources.flatMap(({ path, passages }) =>
      passages.flatMap(({ from, to, of, text }) => {
        const title = `${path}, lines ${from} to ${to}${of === '' ? '' : `, ${of}`}`;
        return [element('h3', '', title), region(title, text)];
      }),
    ),
  ];
}

/**
 * @param {HTMLElement} lane
 * @param {HTMLElement} box
 */
async function showLive(lane, box) {
  /** @type {Details} */
  const { frames, token, reports, counted } = await fetched(pathOf(lane));
  const arrows = { sent: '>', received: '<', event: '*' };
  fill(box, '.frames pre', frames.map(({ at, who, direction, text }) => `${(at / 1000).toFixed(2)} s ${who} ${arrows[direction]} ${text}`).join('\n')); // prettier-ignore
  fill(
    box,
    '.token pre',
    token.kind === 'JWT' ? `${json(token.header)}\n${json(token.claims)}` : `Kind: ${token.kind}`,
  );
  fill(box, '.metrics pre', metricsText(reports, counted));
  const several = reports.length > 1;
  const events = reports.flatMap(({ node, securityLog }) =>
    securityLog.map((event) => (several ? { node, ...event } : event)),
  );
  fill(box, '.log pre', events.map((event) => JSON.stringify(event)).join('\n') || 'Nothing yet, or this server has none.'); // prettier-ignore
}

/**
 * @param {Details['reports']} reports
 * @param {Details['counted']} counted
 */
function metricsText(reports, counted) {
  const servers = reports.map(({ node, counters }) => {
    const name = reports.length > 1 ? `Gateways on node ${node}` : 'Gateways';
    if (counters === undefined) return `${name}: this server counts nothing, or is down`;
    const { pending, accepted, renewals, refused, cut } = counters;
    return [
      `${name}: connections ${counters.open} open, ${pending} pending, ${accepted} accepted; ${renewals} renewals`,
      `  refused: ${codesText(refused)}`,
      `  cut: ${codesText(cut)}`,
    ].join('\n');
  });
  const clients = counted.map(({ who, answered, heard, lost, refused }) =>
    [
      `Client ${who}: ${answered} messages answered, ${heard} notifications received, ${lost} lost`,
      `  messages refused: ${codesText(refused)}`,
    ].join('\n'),
  );
  return [...servers, ...clients].join('\n');
}

/** @param {Readonly<Record<string, number>>} counts */
const codesText = (counts) =>
  Object.entries(counts)
    .map(([code, count]) => `${count} ${code}`)
    .join(', ') || 'none';

/**
 * Keeps the end in sight, unless one has scrolled back.
 * @param {HTMLElement} box
 * @param {string} selector
 * @param {string} text
 */
function fill(box, selector, text) {
  const shown = part(box, selector);
  const atEnd = shown.scrollTop + shown.clientHeight >= shown.scrollHeight - 8;
  if (shown.textContent !== text) shown.textContent = text;
  if (atEnd) shown.scrollTop = shown.scrollHeight;
}

/** @param {unknown} value */
const json = (value) => JSON.stringify(value, null, 2);

/**
 * @param {string} label
 * @param {string} text
 */
function region(label, text) {
  const made = element('pre', '', text);
  made.tabIndex = 0;
  made.setAttribute('role', 'region');
  made.setAttribute('aria-label', label);
  return made;
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} text
 */
function element(tag, className, text = '') {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  if (text !== '') made.textContent = text;
  return made;
}

/** @param {HTMLElement} lane */
const pathOf = (lane) => `/lane/${lane.dataset['key']}`;

/** @param {string} path */
async function fetched(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

/**
 * @param {ParentNode} within
 * @param {string} selector
 */
function part(within, selector) {
  const found = within.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`The page has no ${selector}`);
  return found;
}
