/** The look of the checkout: the house's palette, one column, made for a phone held in one hand. */
export const STYLE = `:root {
  color-scheme: light dark;
  --paper: #ffffff;
  --shade: #faf8f5;
  --line: #d9d2c7;
  --ink: #1f2328;
  --soft: #5c6570;
  --accent: #a84b08;
  --on-accent: #ffffff;
  --accent-shade: #fdf1e3;
  --bad: #b42318;
  --bad-shade: #fdecea;
  --good: #0b7a56;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #191c21;
    --shade: #101215;
    --line: #3a404a;
    --ink: #e3e6ea;
    --soft: #9aa4b0;
    --accent: #f5a54a;
    --on-accent: #1d1205;
    --accent-shade: #2c2215;
    --bad: #f58b80;
    --bad-shade: #331a18;
    --good: #4cc79a;
  }
}
* {
  box-sizing: border-box;
}
html {
  -webkit-text-size-adjust: 100%;
}
body {
  margin: 0;
  min-height: 100vh;
  background: var(--shade);
  color: var(--ink);
  font: 1rem / 1.5 var(--sans);
}
:focus-visible {
  outline: 3px solid var(--accent);
  outline-offset: 2px;
}
.note {
  margin: 0;
  padding: 0.55rem 1rem;
  background: var(--accent-shade);
  color: var(--accent);
  font-size: 0.85rem;
  font-weight: 600;
  text-align: center;
}
main {
  max-width: 27rem;
  margin: 0 auto;
  background: var(--paper);
}
@media (min-width: 32rem) {
  main {
    margin: 2.5rem auto;
    border: 1px solid var(--line);
    border-radius: 16px;
    overflow: hidden;
  }
}
.bill {
  padding: 1.5rem 1.25rem 1.1rem;
  border-bottom: 1px solid var(--line);
}
h1 {
  margin: 0;
  font-size: 1.05rem;
  font-weight: 600;
}
.amount {
  margin: 0.1rem 0 0;
  font-size: 2.5rem;
  font-weight: 700;
  line-height: 1.15;
  letter-spacing: -0.02em;
  font-variant-numeric: tabular-nums;
}
.bill small,
dt,
.hint {
  color: var(--soft);
  font-size: 0.85rem;
}
.bill code {
  font-family: var(--mono);
  overflow-wrap: anywhere;
}
form,
.words {
  display: grid;
  gap: 1rem;
  padding: 1.1rem 1.25rem 1.5rem;
}
.words p {
  margin: 0;
}
fieldset {
  margin: 0;
  padding: 0;
  border: 0;
  min-width: 0;
}
legend,
.label {
  display: block;
  padding: 0;
  margin-bottom: 0.4rem;
  font-size: 0.9rem;
  font-weight: 600;
}
.tabs {
  display: grid;
  grid-template-columns: 1fr 1fr 1.4fr 1fr;
  gap: 0.4rem;
}
.tabs label,
.choices label {
  position: relative;
  display: block;
  border: 1px solid var(--line);
  border-radius: 10px;
  cursor: pointer;
}
.tabs label {
  padding: 0.7rem 0.1rem;
  font-size: 0.82rem;
  font-weight: 600;
  text-align: center;
  white-space: nowrap;
}
.choices {
  display: grid;
  gap: 0.4rem;
}
.choices label {
  display: flex;
  gap: 0.75rem;
  align-items: center;
  padding: 0.65rem 0.85rem;
}
.choices input {
  accent-color: var(--accent);
  width: 1.1rem;
  height: 1.1rem;
  margin: 0;
}
.choices b {
  font-family: var(--mono);
  font-size: 0.92rem;
  font-weight: 500;
}
.choices span {
  margin-left: auto;
  color: var(--soft);
  font-size: 0.82rem;
}
.tabs input {
  position: absolute;
  inset: 0;
  opacity: 0;
  cursor: pointer;
}
.tabs label:has(:checked),
.choices label:has(:checked) {
  border-color: var(--accent);
  background: var(--accent-shade);
}
.tabs label:has(:checked) {
  color: var(--accent);
}
.tabs label:has(:focus-visible) {
  outline: 3px solid var(--accent);
  outline-offset: 2px;
}
.panel {
  display: none;
}
form:has([value="upi"]:checked) .upi,
form:has([value="card"]:checked) .card,
form:has([value="netbanking"]:checked) .netbanking,
form:has([value="wallet"]:checked) .wallet {
  display: block;
}
input[type="text"],
select {
  width: 100%;
  min-height: 3rem;
  padding: 0 0.85rem;
  border: 1px solid var(--line);
  border-radius: 10px;
  background: var(--paper);
  color: var(--ink);
  font: inherit;
}
.hint {
  margin: 0.4rem 0 0;
}
button,
.button {
  display: block;
  width: 100%;
  min-height: 3.1rem;
  padding: 0.6rem 1rem;
  border: 1px solid var(--line);
  border-radius: 10px;
  background: none;
  color: var(--ink);
  font: inherit;
  font-weight: 600;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
}
.pay {
  border-color: var(--accent);
  background: var(--accent);
  color: var(--on-accent);
  font-size: 1.05rem;
}
.pay:hover {
  filter: brightness(1.08);
}
.fail {
  display: grid;
  grid-template-columns: minmax(0, 1fr) 6rem;
  gap: 0.4rem;
}
.fail select {
  min-height: 3.1rem;
  font-size: 0.9rem;
}
.fail button {
  border-color: var(--bad);
  color: var(--bad);
}
.cancel {
  border-color: transparent;
  color: var(--soft);
}
form[aria-busy="true"] button {
  opacity: 0.55;
  cursor: progress;
}
.alert {
  margin: 1.1rem 1.25rem 0;
  padding: 0.75rem 0.9rem;
  border: 1px solid var(--bad);
  border-radius: 10px;
  background: var(--bad-shade);
  color: var(--bad);
  font-size: 0.92rem;
}
.alert b {
  display: block;
}
.done {
  color: var(--good);
  font-size: 1.2rem;
  font-weight: 700;
}
dl {
  display: grid;
  gap: 0.6rem;
  margin: 0;
}
dd {
  margin: 0;
  font-family: var(--mono);
  font-size: 0.92rem;
  overflow-wrap: anywhere;
}
`;
