import { defineConfig } from '@playwright/test';

const launchOptions = {
  executablePath: process.env.CHROMIUM,
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
  ],
};

/** Stories of what happens on the way and of whose it is: the same at every width, told once. */
const told = ['activity', 'behalf', 'check_in', 'feed', 'offline', 'push', 'second_factor', 'series', 'standing', 'steady', 'waitlist'].map((name) => `${name}.spec.ts`);

export default defineConfig({
  testDir: 'stories',
  outputDir: 'results',
  // One house, one database: stories pick times of their own, but the machine has two cores.
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['./failures.ts']],
  use: {
    baseURL: process.env.LINLI_URL ?? 'http://127.0.0.1:8080',
    launchOptions,
    // What stories put in the way of requests must not be passed by; stories of the service worker let it in.
    serviceWorkers: 'block',
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  },
  projects: [
    { name: 'phone', grepInvert: /@desktop/, use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } },
    { name: 'desktop', testIgnore: told, grepInvert: /@phone/, use: { viewport: { width: 1280, height: 800 } } },
  ],
});
