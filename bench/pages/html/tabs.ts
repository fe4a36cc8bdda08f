import { type Markup, markup } from '../../report/markup.ts';

export interface Tab {
  /** Its name in the address. */
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

/** Tabs with their panels. Without a script all panels stand below each other, with their titles. */
export const tabList = (tabs: readonly Tab[]): Markup =>
  markup`<div class="tabs" role="tablist" aria-label="More of this report" hidden>${tabs.map(({ id, title }) => markup`<button type="button" role="tab" id="tab-${id}" aria-controls="${id}">${title}</button>`)}</div>
${tabs.map(({ id, title, body }) => markup`<section id="${id}" aria-label="${title}"><h2>${title}</h2>\n${body}\n</section>\n`)}`;
