import type { Run } from '../model/run-file.ts';
import { noiseSection } from './noise-section.ts';
import { suiteSections } from './sections.ts';

/** The name of the page that has the tables of all suites; it stands beside run.json. */
export const DETAILS = 'DETAILS.md';

/** The tables of every suite of a run, and its noise; a page beside run.json. */
export const renderDetails = (run: Run): string => `# Every suite of this run

<!-- Rendered from run.json; edit nothing here. -->

One section for each suite. ${ratioMeaning}

${suiteSections(run, '')}
## The noise of this run

${noiseSection(run)}
`;

const ratioMeaning = `A ratio compares an entry with \`_no-auth\`, the same gateways without authentication, and has its 95% interval in
brackets. "No difference found" means that the run could not tell the two apart; the range in brackets is what it could be.
"(11 of 12)" says that 11 of 12 repetitions count, and "void" says why none does. \`>\` means that something had not ended when the
measurement did, so that the figure is a lower bound.`;
