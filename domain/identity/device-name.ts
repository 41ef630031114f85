const DEVICE_MAX = 60;

/** The first that fits: most browsers claim to be the older ones, too. */
const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/\bokhttp\//, 'Android app'],
  [/\bCFNetwork\//, 'iOS app'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

const nameIn = (names: readonly (readonly [RegExp, string])[], text: string): string | undefined => names.find(([form]) => form.test(text))?.[1];

/** What people call what they sign in with, from how it introduces itself. Nothing a stranger wrote gets through but a product's plain name. */
export function deviceName(userAgent: string | undefined): string {
  const text = (userAgent ?? '').slice(0, 512);
  const program = nameIn(PROGRAMS, text) ?? /^([A-Za-z][\w.-]{0,30})(?:\/|$)/.exec(text)?.[1];
  const system = nameIn(SYSTEMS, text);
  const name = program && system ? `${program} on ${system}` : (program ?? system ?? 'Unknown device');
  return name.slice(0, DEVICE_MAX);
}
