/** The palette, light and dark, and what plain elements look like. */
export const BASE = `:root {
  color-scheme: light dark;
  --paper: #ffffff;
  --shade: #faf8f5;
  --line: #e9e4dc;
  --ink: #1f2328;
  --soft: #5c6570;
  --accent: #a84b08;
  --accent-shade: #fdf1e3;
  --code: #f4f1ec;
  --panel: #1d2026;
  --panel-line: #31353d;
  --panel-ink: #e4e6ea;
  --get: #0b7a56;
  --post: #1f5fc4;
  --put: #7a3fb8;
  --patch: #9a5b00;
  --delete: #b42318;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --top: 3.25rem;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14161a;
    --shade: #191c21;
    --line: #2b2f37;
    --ink: #e3e6ea;
    --soft: #9aa4b0;
    --accent: #f5a54a;
    --accent-shade: #2c2215;
    --code: #22262d;
    --panel: #0e1013;
    --panel-line: #262a31;
    --get: #4cc79a;
    --post: #79aef8;
    --put: #c09af0;
    --patch: #e8b04b;
    --delete: #f58b80;
  }
}

* {
  box-sizing: border-box;
}
html {
  scroll-padding-top: calc(var(--top) + 1rem);
  -webkit-text-size-adjust: 100%;
}
body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: 1rem / 1.6 var(--sans);
}
a {
  color: var(--accent);
  text-decoration: none;
}
a:hover {
  text-decoration: underline;
}
:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
  border-radius: 3px;
}
code,
pre {
  font-family: var(--mono);
  font-size: 0.86em;
}
pre.said {
  margin: 0.5rem 0 0.9rem;
  background: var(--code);
  border-radius: 8px;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
p code,
li code,
td code,
.bound code {
  background: var(--code);
  border-radius: 4px;
  padding: 0.1em 0.35em;
  overflow-wrap: anywhere;
}
var {
  font-style: italic;
  color: var(--accent);
}
small {
  font-size: 0.82em;
  color: var(--soft);
  font-weight: 400;
}
h1,
h2,
h3,
h4 {
  line-height: 1.25;
  margin: 0;
  text-wrap: balance;
}
h1 {
  font-size: 2rem;
  letter-spacing: -0.02em;
}
.lead {
  font-size: 1.15rem;
  color: var(--soft);
  margin: 0.4rem 0 1.2rem;
}
.skip {
  position: absolute;
  left: -99rem;
}
.skip:focus {
  left: 1rem;
  top: 0.6rem;
  z-index: 9;
  background: var(--paper);
  padding: 0.3rem 0.6rem;
}
`;
