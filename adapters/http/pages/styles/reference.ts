/** Operations, listings of fields, and code. */
export const REFERENCE = `.words {
  min-width: 0;
  max-width: 46rem;
}
.words > p,
.words > ul {
  margin: 0.5rem 0;
}
.code {
  min-width: 0;
}
.start,
.operation {
  display: grid;
  gap: 1.25rem 3rem;
  grid-template-columns: minmax(0, 1fr);
}
.tag {
  margin-top: 3.5rem;
}
.tag > h2 {
  font-size: 1.6rem;
  letter-spacing: -0.015em;
  padding-bottom: 0.5rem;
  border-bottom: 2px solid var(--line);
}
.operation {
  padding: 2.25rem 0;
  border-bottom: 1px solid var(--line);
}
.operation h3 {
  font-size: 1.25rem;
}
.operation h3 a,
.problem h3 a {
  color: inherit;
}
.shape {
  padding: 1.5rem 0;
  max-width: 46rem;
}
.shape h3 a {
  color: inherit;
}
.operation h4 {
  font-size: 0.95rem;
  margin: 1.6rem 0 0.4rem;
}
.address {
  display: flex;
  flex-wrap: wrap;
  gap: 0.35rem 0.6rem;
  align-items: center;
}
.address > code {
  background: none;
  padding: 0;
  font-size: 0.95rem;
}
.badge {
  font: 500 0.74rem / 1.5 var(--mono);
  color: var(--soft);
  border: 1px solid var(--line);
  border-radius: 99px;
  padding: 0 0.6em;
}
.badge.open {
  color: var(--get);
}

.fields {
  list-style: none;
  margin: 0;
  padding: 0;
  border-top: 1px solid var(--line);
}
.field {
  padding: 0.55rem 0;
  border-bottom: 1px solid var(--line);
  font-size: 0.92rem;
}
.field:last-child {
  border-bottom: 0;
}
.field p {
  margin: 0.2rem 0 0;
  color: var(--soft);
}
.whole {
  margin: 0.3rem 0;
}
.field .whole {
  display: inline;
  margin: 0;
}
.field > .name {
  background: none;
  padding: 0;
  font-weight: 600;
  font-size: 0.9rem;
}
.type,
.bound,
.place {
  color: var(--soft);
  font-size: 0.84rem;
}
.bound::before,
.place + .whole .type::before {
  content: "· ";
}
.bound {
  margin-left: 0.3rem;
  overflow-wrap: anywhere;
}
.must {
  font-size: 0.72rem;
  font-weight: 600;
  color: var(--accent);
}
.values {
  display: block;
  margin-top: 0.2rem;
  font-size: 0.88rem;
}
.values code {
  color: var(--ink);
  white-space: nowrap;
}
.variant.variant {
  font-size: 0.8rem;
  font-weight: 600;
  color: var(--soft);
  margin: 0.5rem 0 0.2rem;
}
.field details {
  margin-top: 0.35rem;
}
.field summary,
.answer summary {
  cursor: pointer;
  font-size: 0.8rem;
  color: var(--accent);
  width: fit-content;
}
.field details > .fields,
.field details > .variant.variant {
  margin-left: 0.35rem;
  padding-left: 0.9rem;
  border-left: 2px solid var(--line);
  border-top: 0;
}
.media {
  font-size: 0.85rem;
  color: var(--soft);
}
.answer .status {
  color: var(--get);
  font-family: var(--mono);
}
.answer p {
  margin: 0.4rem 0;
}
.answer summary {
  font-size: 0.88rem;
}

.problems {
  width: 100%;
  border-collapse: collapse;
  margin-top: 1.2rem;
  font-size: 0.87rem;
}
.problems caption {
  text-align: left;
  font-weight: 600;
  font-size: 0.95rem;
  padding-bottom: 0.3rem;
}
.problems th {
  text-align: left;
  font-weight: 500;
  color: var(--soft);
  font-size: 0.78rem;
}
.problems th,
.problems td {
  padding: 0.32rem 0.75rem 0.32rem 0;
  border-bottom: 1px solid var(--line);
  vertical-align: top;
}
.problems td:nth-child(2) {
  white-space: nowrap;
}
.problems td:first-child {
  font-family: var(--mono);
  color: var(--soft);
}

figure {
  margin: 0 0 1rem;
  background: var(--panel);
  color: var(--panel-ink);
  border: 1px solid var(--panel-line);
  border-radius: 10px;
  overflow: hidden;
}
figcaption {
  font-size: 0.78rem;
  padding: 0.5rem 0.9rem;
  color: #a9b1bc;
  border-bottom: 1px solid var(--panel-line);
}
figcaption small {
  color: #7d8794;
}
pre {
  margin: 0;
  padding: 0.85rem 0.9rem;
  overflow: auto;
  line-height: 1.5;
  max-height: 32rem;
  scrollbar-width: thin;
  tab-size: 2;
}
.json b {
  font-weight: 400;
  color: #9cc4ff;
}
.json i {
  font-style: normal;
  color: #a9dc9a;
}
.json em {
  font-style: normal;
  color: #f4b26b;
}

@media (min-width: 78rem) {
  .start,
  .operation {
    grid-template-columns: minmax(0, 1fr) minmax(0, 31rem);
  }
  .code {
    position: sticky;
    top: calc(var(--top) + 1rem);
    align-self: start;
    max-height: calc(100vh - var(--top) - 2rem);
    overflow-y: auto;
    scrollbar-width: none;
  }
  .start .words {
    max-width: none;
  }
}

@media (max-width: 56rem) {
  .problems thead {
    display: none;
  }
  .problems tr {
    display: grid;
    grid-template-columns: 2.6rem 1fr;
    border-bottom: 1px solid var(--line);
    padding: 0.3rem 0;
  }
  .problems td,
  .problems td:nth-child(2) {
    border: 0;
    padding: 0;
    white-space: normal;
  }
  .problems td:last-child {
    grid-column: 2;
    color: var(--soft);
  }
}
`;
