/** How food gets to whoever eats it. */
export const DINING_OPTIONS = ['delivery', 'takeaway', 'dine_in'] as const;
export type DiningOption = (typeof DINING_OPTIONS)[number];
