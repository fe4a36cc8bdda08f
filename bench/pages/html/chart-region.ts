import { type Markup, markup } from '../../report/markup.ts';

/** A chart that keeps a readable size, and scrolls in a region of its own where the page is narrower. */
export const chartRegion = (label: string, svg: Markup): Markup =>
  markup`<figure><div class="scroll" role="region" aria-label="${label}, chart" tabindex="0">${svg}</div></figure>\n`;
