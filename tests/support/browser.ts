import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** Whether there is a browser to test pages with. Without one those tests are left out; CI always has one. */
export const HAS_BROWSER = existsSync(CHROMIUM);
if (process.env['CI'] !== undefined && !HAS_BROWSER) throw new Error(`${CHROMIUM}: CI must have a browser`);

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
