/** All that the page does by itself: one submission only, and on its way without a click. It works without, too. */
export const SCRIPT = `for (const form of document.querySelectorAll('form')) {
  form.addEventListener('submit', (event) => {
    if (form.getAttribute('aria-busy') === 'true') event.preventDefault();
    form.setAttribute('aria-busy', 'true');
  });
}
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form')) form.removeAttribute('aria-busy');
});
document.querySelector('[role="alert"]')?.focus();
document.querySelector('form[data-go]')?.requestSubmit();
`;
