// Explanations of terms and figures, on hover and on keyboard focus. Escape closes one.
// Without this script they are the titles of their buttons.

const tip = document.createElement('div');
tip.id = 'tip';
tip.className = 'tip';
tip.setAttribute('role', 'tooltip');
tip.hidden = true;
document.body.append(tip);

let owner;

function show(button) {
  if (owner === button) return;
  hide();
  owner = button;
  tip.textContent = button.dataset.tip;
  tip.hidden = false;
  button.setAttribute('aria-describedby', 'tip');
  place();
}

/** Puts the explanation beside its button, below it where there is room. */
function place() {
  if (owner === undefined) return;
  const at = owner.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = tip;
  const left = Math.min(Math.max(8, at.left), document.documentElement.clientWidth - width - 8);
  const below = at.bottom + 6 + height < innerHeight;
  tip.style.left = `${left}px`;
  tip.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - height - 6)}px`;
}

function hide() {
  owner?.removeAttribute('aria-describedby');
  owner = undefined;
  tip.hidden = true;
}

const ownerOf = (target) => (target instanceof Element ? target.closest('[data-tip]') : null);

export function startTips() {
  for (const button of document.querySelectorAll('button[title]')) {
    button.dataset.tip = button.title;
    button.removeAttribute('title');
  }
  document.addEventListener('mouseover', ({ target }) => {
    const button = ownerOf(target);
    if (button) show(button);
    else if (target !== tip && owner !== document.activeElement) hide();
  });
  document.addEventListener('focusin', ({ target }) => {
    const button = ownerOf(target);
    if (button) show(button);
    else hide();
  });
  document.addEventListener('click', ({ target }) => {
    const button = ownerOf(target);
    if (button) show(button);
  });
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && hide());
  addEventListener('scroll', place, { capture: true, passive: true });
}
