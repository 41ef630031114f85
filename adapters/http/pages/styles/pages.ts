/** The problems, and the welcome. */
export const PAGES = `.problem {
  padding: 1.1rem 0;
  border-bottom: 1px solid var(--line);
  max-width: 48rem;
}
.problem h3 {
  font-size: 1rem;
  display: flex;
  flex-wrap: wrap;
  gap: 0.4rem 0.7rem;
  align-items: center;
}
.problem h3 code {
  font-size: 1rem;
}
.problem p {
  margin: 0.25rem 0;
}
.problem .title {
  font-weight: 600;
}
.problem:target,
.operation:target h3 {
  background: var(--accent-shade);
  box-shadow: 0 0 0 0.6rem var(--accent-shade);
  border-radius: 2px;
}
.from {
  font-size: 0.84rem;
  color: var(--soft);
}

.plain main {
  max-width: 60rem;
  margin: 0 auto;
  padding-top: clamp(2rem, 10vh, 7rem);
}
.welcome h1 {
  font-size: 3rem;
}
.cards {
  list-style: none;
  padding: 0;
  margin: 2rem 0;
  display: grid;
  gap: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr));
}
.cards a {
  display: block;
  height: 100%;
  padding: 1.1rem 1.2rem;
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--shade);
  color: inherit;
}
.cards a:hover {
  border-color: var(--accent);
  text-decoration: none;
}
.cards b {
  display: block;
  color: var(--accent);
}
.cards span {
  font-size: 0.9rem;
  color: var(--soft);
}

.sheet {
  min-height: 100vh;
  background: var(--shade);
}
.sheet .outcome {
  max-width: 30rem;
  margin: 0 auto;
  padding: clamp(2.5rem, 14vh, 8rem) 1.5rem 3rem;
}
.outcome h1::before {
  content: "";
  display: block;
  width: 2.75rem;
  height: 0.35rem;
  margin-bottom: 1.1rem;
  border-radius: 99px;
  background: var(--accent);
}
.outcome.good h1::before {
  background: var(--get);
}
.outcome.bad h1::before {
  background: var(--delete);
}
.outcome p {
  margin: 0.8rem 0;
  font-size: 1.05rem;
  text-wrap: pretty;
}
.outcome .sum {
  margin: 0.3rem 0 0;
  font-size: 2.4rem;
  font-weight: 700;
  letter-spacing: -0.02em;
  font-variant-numeric: tabular-nums;
}
.outcome .soft {
  color: var(--soft);
  font-size: 0.95rem;
}
.outcome .button {
  display: block;
  margin-top: 1.6rem;
  padding: 0.85rem 1rem;
  border-radius: 10px;
  background: var(--accent);
  color: var(--paper);
  font-weight: 600;
  text-align: center;
}

@media (max-width: 56rem) {
  .welcome h1 {
    font-size: 2.4rem;
  }
}
`;
