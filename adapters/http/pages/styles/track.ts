/** The page that shows how far an order is. */
export const TRACK = `.track .outcome {
  padding-top: clamp(1.5rem, 7vh, 4rem);
}
.track .why {
  font-style: italic;
}
.track .timeline {
  list-style: none;
  margin: 1.8rem 0;
  padding: 1.3rem 1.4rem;
  border: 1px solid var(--line);
  border-radius: 14px;
  background: var(--paper);
}
.timeline li {
  position: relative;
  display: flex;
  justify-content: space-between;
  gap: 1rem;
  padding: 0 0 1.25rem 2rem;
  color: var(--soft);
}
.timeline li:last-child {
  padding-bottom: 0;
}
.timeline li::before {
  content: "";
  position: absolute;
  box-sizing: border-box;
  left: 0;
  top: 0.3rem;
  width: 1rem;
  height: 1rem;
  border: 2px solid var(--line);
  border-radius: 50%;
  background: var(--paper);
  z-index: 1;
}
.timeline li:not(:last-child)::after {
  content: "";
  position: absolute;
  left: 0.5rem;
  top: 1.2rem;
  bottom: -0.4rem;
  width: 2px;
  margin-left: -1px;
  background: var(--line);
}
.timeline .done,
.timeline .now {
  color: var(--ink);
}
.timeline .done::before {
  border-color: var(--get);
  background: var(--get);
}
.timeline .done:not(:last-child)::after {
  background: var(--get);
}
.timeline .bad::before {
  border-color: var(--delete);
  background: var(--delete);
}
.timeline .now {
  font-weight: 600;
}
.timeline .now::before {
  border-color: var(--accent);
  background: var(--accent);
  box-shadow: 0 0 0 0.3rem var(--accent-shade);
}
.timeline time {
  color: var(--soft);
  font-weight: 400;
  font-size: 0.92rem;
  font-variant-numeric: tabular-nums;
  white-space: nowrap;
}
.track .items {
  list-style: none;
  margin: 0 0 1.5rem;
  padding: 0 0.2rem;
}
.track .items li {
  padding: 0.2rem 0;
}
.track .items b {
  display: inline-block;
  min-width: 2.4rem;
  font-variant-numeric: tabular-nums;
}
.track .live {
  visibility: hidden;
}
.track[data-live="yes"] main:not([data-over]) .live {
  visibility: visible;
}
.track .live::before {
  content: "";
  display: inline-block;
  width: 0.55rem;
  height: 0.55rem;
  margin-right: 0.5rem;
  border-radius: 50%;
  background: var(--get);
}
@media (prefers-reduced-motion: no-preference) {
  .track .live::before,
  .timeline .now::before {
    animation: breathe 2.4s ease-in-out infinite;
  }
}
@keyframes breathe {
  50% {
    opacity: 0.45;
  }
}
`;
