/** The table of roles and permissions. */
export const MATRIX = `.matrix {
  overflow-x: auto;
  max-width: 60rem;
}
.matrix table {
  border-collapse: collapse;
  font-size: 0.9rem;
  width: 100%;
}
.matrix th,
.matrix td {
  padding: 0.3rem 0.55rem;
  text-align: center;
  border-bottom: 1px solid var(--line);
}
.matrix thead th {
  font-weight: 600;
  color: var(--soft);
  white-space: nowrap;
}
.matrix th:first-child {
  text-align: left;
  font-weight: 400;
  position: sticky;
  left: 0;
  background: var(--paper);
}
.matrix tbody tr:hover > * {
  background: var(--shade);
}
.matrix tbody + tbody tr:first-child > * {
  border-top: 1px solid var(--soft);
}
.matrix td {
  color: var(--line);
}
.matrix .may {
  color: var(--accent);
}
.asked {
  margin: 0.4rem 0 0;
  padding-left: 1.1rem;
  font-size: 0.92rem;
}
.asked li {
  margin: 0.15rem 0;
  overflow-wrap: anywhere;
}
.asked small {
  color: var(--soft);
}
`;
