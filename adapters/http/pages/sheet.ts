import { type Html, html } from './layout.ts';

type Sheet = {
  readonly title: string;
  /** What the page is about to say, by its colour. */
  readonly tone: 'good' | 'bad' | 'open';
  readonly main: Html;
  /** Where to look again, and in how many seconds. */
  readonly again?: { readonly seconds: number; readonly address: string };
};

/** A page for customers: one thing to say, nothing to find one's way in, no script, and nothing for search engines. */
export const sheet = ({ title, tone, main, again }: Sheet): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
${again ? html`<meta http-equiv="refresh" content="${again.seconds};url=${again.address}">` : ''}
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/style.css">
</head>
<body class="sheet">
<main id="main" class="outcome ${tone}">
<h1>${title}</h1>
${main}
</main>
</body>
</html>
`;

/** Instead of a page that could not be made. */
export const failurePage = (): Html =>
  sheet({
    title: 'We cannot show this right now',
    tone: 'open',
    main: html`<p>Something went wrong on our side. Nothing is lost: if you have paid, your payment is found without you. Load this page again in a moment.</p>`,
  });
