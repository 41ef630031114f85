/** What stands around every page: the top, the contents, and how they fold on a phone. */
export const FRAME = `.verb {
  font: 600 0.78rem / 1.4 var(--mono);
  padding: 0.12em 0.5em;
  border-radius: 5px;
  background: var(--code);
  color: var(--soft);
  letter-spacing: 0.02em;
}
.verb.get {
  color: var(--get);
}
.verb.post {
  color: var(--post);
}
.verb.put {
  color: var(--put);
}
.verb.patch {
  color: var(--patch);
}
.verb.delete {
  color: var(--delete);
}
.verb.s4 {
  color: var(--patch);
}
.verb.s5 {
  color: var(--delete);
}

.top {
  position: sticky;
  top: 0;
  z-index: 5;
  height: var(--top);
  display: flex;
  align-items: center;
  gap: 1rem;
  padding: 0 1.25rem;
  background: var(--paper);
  border-bottom: 1px solid var(--line);
}
.brand {
  font-weight: 700;
  font-size: 1.1rem;
  color: var(--ink);
  letter-spacing: -0.01em;
}
.top nav {
  display: flex;
  gap: 1.1rem;
  margin-left: auto;
  font-size: 0.92rem;
  overflow-x: auto;
  white-space: nowrap;
  scrollbar-width: none;
}
.top nav a {
  color: var(--soft);
}
.top nav a[aria-current] {
  color: var(--accent);
  font-weight: 600;
}
.menu {
  display: none;
  font-size: 0.85rem;
  border: 1px solid var(--line);
  border-radius: 6px;
  padding: 0.2rem 0.6rem;
}

.with-side {
  display: grid;
  grid-template: auto 1fr / 17.5rem minmax(0, 1fr);
}
.with-side > .top {
  grid-column: 1 / -1;
}
.side {
  position: sticky;
  top: var(--top);
  align-self: start;
  height: calc(100vh - var(--top));
  overflow-y: auto;
  padding: 1.25rem 0.75rem 3rem 1.25rem;
  background: var(--shade);
  border-right: 1px solid var(--line);
  font-size: 0.88rem;
  overscroll-behavior: contain;
  scrollbar-width: thin;
}
.side .all {
  margin: 0 0 0.5rem;
  font-weight: 600;
}
.side h2 {
  font-size: 0.74rem;
  text-transform: uppercase;
  letter-spacing: 0.07em;
  margin: 1.3rem 0 0.35rem;
}
.side h2 a {
  color: var(--soft);
}
.side ul {
  list-style: none;
  margin: 0;
  padding: 0;
}
.side li a {
  display: flex;
  gap: 0.5rem;
  align-items: baseline;
  padding: 0.18rem 0.4rem;
  border-radius: 5px;
  color: var(--ink);
  line-height: 1.35;
}
.side li a:hover {
  background: var(--accent-shade);
  text-decoration: none;
}
.side li span:last-child {
  overflow-wrap: anywhere;
}
.side li .verb {
  flex: 0 0 2.5rem;
  font-size: 0.66rem;
  text-align: right;
  padding: 0;
  background: none;
}

main {
  padding: 2rem clamp(1rem, 3.5vw, 3.5rem) 6rem;
  max-width: 92rem;
}

@media (max-width: 56rem) {
  .with-side {
    display: block;
  }
  .menu {
    display: block;
  }
  /* Shown while the address ends in #contents; whatever is chosen in it closes it. */
  .side {
    display: none;
    position: fixed;
    z-index: 4;
    inset: var(--top) 0 0;
    height: auto;
    border: 0;
    font-size: 0.95rem;
  }
  .side:target {
    display: block;
  }
  .side li a {
    padding: 0.35rem 0.4rem;
  }
  .brand small {
    display: none;
  }
  .top {
    gap: 0.75rem;
    padding: 0 1rem;
  }
  .top nav {
    gap: 0.8rem;
    font-size: 0.85rem;
  }
  main {
    padding-top: 1.25rem;
  }
}

@media print {
  .side,
  .top {
    display: none;
  }
}
`;
