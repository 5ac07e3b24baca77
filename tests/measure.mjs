// What real Chromium sees on a phone: `node measure.mjs size` or `load`. Lines are `name value unit`.
import { chromium } from '@playwright/test';

const base = process.env.LINLI_URL;
const runs = 5;
const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];

async function visit(browser, slow, again) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'zh-CN' });
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.seen = { shift: 0, blocked: 0 };
    new PerformanceObserver((list) => list.getEntries().forEach((one) => { window.seen.shift += one.hadRecentInput ? 0 : one.value; }))
      .observe({ type: 'layout-shift', buffered: true });
    new PerformanceObserver((list) => list.getEntries().forEach((one) => { window.seen.blocked += Math.max(0, one.duration - 50); }))
      .observe({ type: 'longtask', buffered: true });
    // The plan is visible from the first paint after it stands in the page; the map is usable when the app has taken over.
    // Looked at once a frame: an observer of every change would be part of what it measures.
    const look = () => {
      if (!window.seen.plan && document.querySelector('.plan .room')) {
        window.seen.plan = -1;
        setTimeout(() => { window.seen.plan = performance.now(); });
      }
      if (document.querySelector('.map-page .plan') && !document.getElementById('shell')) window.seen.usable = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  const bytes = [];
  const names = {};
  const sent = {};
  cdp.on('Network.requestWillBeSent', ({ requestId, wallTime }) => { sent[requestId] = wallTime * 1000; });
  cdp.on('Network.responseReceived', ({ requestId, response }) => { names[requestId] = response.url; });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => bytes.push([names[requestId] ?? '', encodedDataLength, sent[requestId]]));
  if (slow) {
    await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 });
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  }
  const open = async () => {
    await page.goto(base);
    await page.waitForFunction(() => window.seen.usable && window.seen.plan > 0, null, { timeout: 60_000 });
    await page.waitForTimeout(1500);
    return page.evaluate(() => ({ ...window.seen, takenOver: performance.timeOrigin + window.seen.usable }));
  };
  const first = await open();
  const total = bytes.splice(0);
  const second = again ? await open() : null;
  await context.close();
  return { first, second, total };
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
if (process.argv[2] === 'size') {
  const { first, total: all } = await visit(browser, false, false);
  // What is asked for once the page can be used makes nobody wait.
  const total = all.filter(([, , sent]) => sent <= first.takenOver);
  const later = all.filter(([, , sent]) => sent > first.takenOver);
  const sum = (pick) => total.filter(([url]) => pick(url)).reduce((all, [, bytes]) => all + bytes, 0);
  const kb = (n) => (n / 1000).toFixed(1);
  console.log(`size ${kb(sum(() => true))} KB over the wire, ${total.length} requests`);
  console.log(`size-wasm ${kb(sum((url) => url.endsWith('.wasm')))} KB`);
  console.log(`size-later ${kb(later.reduce((sum, [, bytes]) => sum + bytes, 0))} KB once it can be used, ${later.length} requests`);
  console.log(`size-page ${kb(sum((url) => new URL(url).pathname === '/'))} KB, the plan and its data included`);
} else {
  const all = [];
  for (let i = 0; i < runs; i += 1) all.push(await visit(browser, true, true));
  const say = (name, pick, unit, digits = 0) => {
    const values = all.map(pick);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    console.log(`${name} ${median(values).toFixed(digits)} ${unit}  (${low.toFixed(digits)} to ${high.toFixed(digits)}, ${runs} runs)`);
  };
  say('load-visible', (one) => one.first.plan, 'ms');
  say('load-usable', (one) => one.first.usable, 'ms');
  say('load-shift', (one) => one.first.shift, '', 3);
  say('load-blocked', (one) => one.first.blocked, 'ms');
  say('load-again', (one) => one.second.usable, 'ms');
}
await browser.close();
