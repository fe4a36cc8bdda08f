// Tries the article's claims: each in a process of its own, on the server.

/** @typedef {import('../claims/shown-claims.ts').ShownVerdict} ShownVerdict */

/** @param {(text: string) => void} tell */
export function claimButtons(tell) {
  for (const item of document.querySelectorAll('.claim'))
    item.querySelector('button')?.addEventListener('click', () => void tryClaim(item, tell));
}

/**
 * @param {Element} item
 * @param {(text: string) => void} tell
 */
async function tryClaim(item, tell) {
  const [button, shown] = [item.querySelector('button'), item.querySelector('.tried')];
  if (button === null || shown === null || button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  shown.textContent = 'It runs in a process of its own.';
  const text = await resultOf(item.getAttribute('data-claim') ?? '');
  shown.textContent = text;
  tell(text);
  button.removeAttribute('aria-disabled');
}

/** @param {string} id */
async function resultOf(id) {
  const response = await fetch(`/claim/${id}`, { method: 'POST' }).catch(() => undefined);
  if (response?.status === 429) return 'Another demonstration is under way. Wait a moment.';
  if (response?.ok !== true) return 'This did not work.';
  /** @type {ShownVerdict} */
  const { outcome, condition, seen } = await response.json();
  return `Here, now: ${outcome}${condition === undefined ? '' : `: ${condition}`}. ${seen}.`;
}
