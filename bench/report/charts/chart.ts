import { type Markup, markup, trusted } from '../markup.ts';
import { chartStyle } from './chart-style.ts';

/** What every chart is: a picture with its text, that stands alone. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** Drawn under the title. */
  readonly subtitle?: string | undefined;
  /** What the picture shows, for who cannot see it. */
  readonly description: string;
  readonly body: Markup | readonly Markup[];
}

/** Room that the title and subtitle take. */
export const HEAD = 52;

const style = `<style>${chartStyle}</style>`;

/** A whole SVG document, with its own style for light and dark. */
export const chart = ({ width, height, title, subtitle, description, body }: Picture): string =>
  markup`<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 ${width} ${px(height)}" width="${width}" height="${px(height)}">
<title>${title}</title>
<desc>${description}</desc>
${trusted(style)}
<rect class="ground" width="${width}" height="${px(height)}" rx="6"/>
<text class="heading" x="16" y="25">${title}</text>
${subtitle !== undefined && markup`<text class="soft" x="16" y="43">${subtitle}</text>`}
${body}
</svg>
`.text;

/** A chart without its style, for a page that holds `chartStyle` once. */
export const withoutStyle = (svg: string): Markup => trusted(svg.replace(style, ''));

/** A coordinate. */
export const px = (value: number): number => Number(value.toFixed(1));

/** An entry's label that fits a width: its title is cut off, its variant never. */
export function fittedLabel(
  { title, label }: { readonly title: string; readonly label: string },
  width: number,
): string {
  const rest = label.slice(title.length);
  return `${fitted(title, width - textWidth(rest))}${rest}`;
}

/** About how wide a text is: no font is at hand to measure it. */
export const textWidth = (text: string, size = 12): number => text.length * size * 0.57;

/** A text that fits a width, its end cut off where it does not. */
export function fitted(text: string, width: number): string {
  const letters = Math.floor(width / textWidth('x'));
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1)).trimEnd()}…`;
}
