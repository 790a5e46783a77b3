// What is done in a page of Horizon: bodies of functions, whose `arguments` the caller gives. One that returns a text
// tells a trouble by it; the empty text is none.

/** The form that is on top, a modal's or the page's own. */
const formOnTop = `const shown = (one) => Boolean(one) && one.offsetParent !== null;
const form = [...document.querySelectorAll('.modal.in form')].at(-1) ??
  [...document.querySelectorAll('#content_body form')].filter((one) => shown(one) && !one.querySelector('table')).at(-1);
`;

/** So that what Horizon says next is told from what it said before. */
const forgetSaid = `for (const one of document.querySelectorAll('.messages .alert')) one.remove();`;

/** Whether there is a form to fill in. */
export const hasForm = `${formOnTop}return Boolean(form && form.querySelector('[type=submit]'));`;

/** `arguments[0]`: fields of the form and what to put into them. */
export const fill = `${formOnTop}${forgetSaid}
for (const [name, value] of Object.entries(arguments[0])) {
  const field = form.querySelector('[name="' + name + '"]');
  if (!field) return 'the form has no field ' + name + ' but ' + [...form.elements].map((one) => one.name).join(' ');
  if (field.type === 'checkbox') {
    if (field.checked !== value) field.click();
    continue;
  }
  field.value = value;
  if (field.tagName === 'SELECT') {
    const options = [...field.options];
    const chosen = options.find((one) => one.value === value) ?? options.find((one) => one.text.includes(value));
    if (!chosen) return name + ' has no choice ' + value + ' but ' + options.map((one) => one.text).join(', ');
    field.value = chosen.value;
  }
  for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));
}
return '';`;

/** On to the next step of the form, or send it. Returns `next`, `refused` or `sent`. */
export const forward = `${formOnTop}
const next = form.querySelector('.button-next');
if (shown(next)) {
  next.click();
  return form.querySelector('.has-error') ? 'refused' : 'next';
}
(form.querySelector('.button-final') ?? form.querySelector('[type=submit]')).click();
return 'sent';`;

/** Click the last thing that `arguments[0]` selects with the text `arguments[1]` in it. Returns whether there is one. */
export const click = `const [selector, text] = arguments;
const found = [...document.querySelectorAll(selector)].filter((one) => one.textContent.includes(text)).at(-1);
found?.click();
return Boolean(found);`;

/** Whether there is a row that has the text `arguments[0]`. */
export const hasRow = `return [...document.querySelectorAll('tbody tr')].some((one) => one.textContent.includes(arguments[0]));`;

/** Choose the action `arguments[1]` of the row that has the text `arguments[0]`. */
export const chooseAction = `const [text, action] = arguments;
const row = [...document.querySelectorAll('tbody tr')].find((one) => one.textContent.includes(text));
if (!row) return 'there is no row with ' + text;
${forgetSaid}
const nameOf = (one) => one.id.split('__action_')[1];
const actions = [...row.querySelectorAll('[id*="__action_"]')];
const found = actions.find((one) => nameOf(one) === action);
if (!found) return 'the row has no action ' + action + ' but ' + actions.map(nameOf).join(', ');
found.click();
return '';`;

/** Whether a question waits to be agreed to. */
export const isAsked = `return Boolean(document.querySelector('.modal.in .modal-footer .btn-danger, .modal.in .modal-footer .btn-primary'));`;

/** `arguments`: name and password. */
export const fillLogin = `document.querySelector('#id_username').value = arguments[0];
document.querySelector('#id_password').value = arguments[1];
document.querySelector('#loginBtn').click();
return '';`;

/** Where the menu leads: paths. */
export const menu = `return [...document.querySelectorAll('#sidebar-accordion a[href^="/"], .user-menu a[href^="/"]')]
  .map((one) => one.getAttribute('href'));`;

/** What Horizon says. */
export interface Said {
  /** Nothing is under way any more. */
  readonly ready: boolean;
  readonly good: readonly string[];
  readonly bad: readonly string[];
  readonly title: string;
}

export const said = `const texts = (selector) => [...document.querySelectorAll(selector)]
  .filter((one) => one.offsetParent !== null)
  .map((one) => one.innerText.replace(/\\s+/g, ' ').replace('×', '').trim())
  .filter(Boolean);
return {
  ready: document.readyState === 'complete' && !(window.jQuery && window.jQuery.active) &&
    texts('.loader, .loading').length === 0,
  good: texts('.alert-success'),
  bad: texts('.alert-danger, .alert-warning, .has-error .help-block, .has-error .error'),
  title: document.title,
};`;
