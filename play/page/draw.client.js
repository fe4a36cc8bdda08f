// Draws a lane's shapes as SVG.

import { BAR, laneHeight, shapesOf, spanOf } from '../model/drawing.js';

const SVG = 'http://www.w3.org/2000/svg';
/** The longest time that is shown, in ms: on a wide screen, and on a narrow one. */
const SPAN = { wide: 40_000, narrow: 20_000 };
const NARROW = 400;
/** The time between two ticks of the axis, in ms: for spans longer than `LONG_SPAN`, and for others. */
const TICK = { long: 10_000, short: 5000 };
const LONG_SPAN = 20_000;
/** Further left, the text of a tick has no room, in px. */
const ROOM = 20;

/** @typedef {import('../model/lane-state.ts').LaneState} LaneState */

/**
 * Draws all lanes to one scale, and the axis with its times.
 * @param {Element | null} axis
 * @param {(Element | null)[]} pictures
 * @param {readonly LaneState[]} lanes
 * @param {number} now ms since the servers began to start
 */
export function drawLanes(axis, pictures, lanes, now) {
  const width = pictures[0]?.clientWidth ?? 0;
  const span = spanOf(lanes, now, width < NARROW ? SPAN.narrow : SPAN.wide);
  axis?.replaceChildren(...timesOf(width, span));
  lanes.forEach((lane, index) => {
    const svg = pictures[index];
    if (svg instanceof SVGSVGElement) drawLane(svg, lane, width, span, now);
  });
}

/**
 * @param {number} width px
 * @param {number} span ms
 */
function timesOf(width, span) {
  const tick = span > LONG_SPAN ? TICK.long : TICK.short;
  return Array.from({ length: Math.floor(span / tick) + 1 }).flatMap((_, index) => {
    const x = width * (1 - (index * tick) / span);
    if (x < ROOM) return [];
    const time = element('text', 'time', { x, y: 10 });
    time.textContent = index === 0 ? 'now' : `${(index * tick) / 1000} s ago`;
    return time;
  });
}

/**
 * @param {SVGSVGElement} svg
 * @param {LaneState} lane
 * @param {number} width px
 * @param {number} span ms
 * @param {number} now
 */
function drawLane(svg, lane, width, span, now) {
  const height = laneHeight(lane);
  svg.setAttribute('height', String(height));
  svg.setAttribute('viewBox', `0 0 ${Math.max(1, width)} ${height}`);
  const shapes = shapesOf(lane, { from: now - span, to: now, width }, now).map(elementOf);
  svg.replaceChildren(...shapes);
}

/** @param {import('../model/drawing.ts').Shape} shape */
function elementOf(shape) {
  switch (shape.is) {
    case 'bar':
      return element('rect', shape.kind, { x: shape.x, y: shape.y, width: shape.width, height: BAR });
    case 'name': {
      const name = element('text', 'who', { x: shape.x, y: shape.y });
      name.textContent = shape.text;
      return name;
    }
    case 'moment':
      return element('path', 'moment', { d: `M${round(shape.x)} -3v${shape.height + 6}` });
    case 'renewed':
      return element('path', 'renewed', { d: `M${round(shape.x)} ${shape.y - 6}l6 6l-6 6l-6 -6z` });
    default:
      return element('path', 'lost', { d: `M${round(shape.x - 3)} ${shape.y - 3}l6 6m0 -6l-6 6` });
  }
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {Record<string, string | number>} attributes
 */
function element(tag, className, attributes) {
  const made = document.createElementNS(SVG, tag);
  made.setAttribute('class', className);
  for (const [name, value] of Object.entries(attributes))
    made.setAttribute(name, typeof value === 'number' ? String(round(value)) : value);
  return made;
}

/** @param {number} value */
const round = (value) => Math.round(value * 10) / 10;
