// What real Chromium sees: `node measure.mjs size`, `load` or `calendar`. Lines are `name value unit`.
import { readFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';

const base = process.env.LINLI_URL;
const runs = 5;
const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];

/** The pace of the phone that is promised something, as `benchmark` counts: a middling one of some years ago. */
const PHONE = 440;

/** How fast this browser is on this machine: rounds of making strings and of copying numbers, as Lighthouse counts its BenchmarkIndex. */
function benchmark() {
  const rate = (round) => {
    const started = Date.now();
    let rounds = 0;
    while (Date.now() - started < 500) {
      round(rounds);
      rounds += 1;
    }
    return rounds / 10 / ((Date.now() - started) / 1000);
  };
  const strings = rate(() => {
    let text = '';
    for (let i = 0; i < 10_000; i += 1) text += 'a';
    if (text.length === 1) throw new Error('it was made away with');
  });
  const [one, other] = [0, 1].map(() => Array.from({ length: 100_000 }, (_, i) => i));
  const copies = rate((number) => {
    const [from, to] = number % 2 === 0 ? [one, other] : [other, one];
    for (let i = 0; i < from.length; i += 1) to[i] = from[i];
  });
  return (strings + copies) / 2;
}

async function pace(browser) {
  const page = await browser.newPage();
  const index = median([await page.evaluate(benchmark), await page.evaluate(benchmark), await page.evaluate(benchmark)]);
  await page.close();
  return index;
}

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
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: slow });
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
  let offline = null;
  if (again) {
    // Once the service worker has kept what is wanted.
    await page.waitForFunction(async () => {
      const names = await caches.keys();
      if (!names.includes('public') || !navigator.serviceWorker.controller) return false;
      return (await (await caches.open('public')).keys()).some((one) => one.url.includes('/occupancy/'));
    }, null, { timeout: 60_000, polling: 500 });
    await page.waitForTimeout(2_000);
    await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
    await context.setOffline(true);
    offline = await open();
  }
  await context.close();
  return { first, second, offline, total };
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
if (process.argv[2] === 'size') {
  const { first, total: all } = await visit(browser, 0, false);
  // What is asked for once the page can be used makes nobody wait.
  const total = all.filter(([, , sent]) => sent <= first.takenOver);
  const later = all.filter(([, , sent]) => sent > first.takenOver);
  const sum = (pick) => total.filter(([url]) => pick(url)).reduce((all, [, bytes]) => all + bytes, 0);
  const kb = (n) => (n / 1000).toFixed(1);
  console.log(`size ${kb(sum(() => true))} KB over the wire, ${total.length} requests`);
  console.log(`size-wasm ${kb(sum((url) => url.endsWith('.wasm')))} KB`);
  console.log(`size-later ${kb(later.reduce((sum, [, bytes]) => sum + bytes, 0))} KB once it can be used, ${later.length} requests`);
  console.log(`size-page ${kb(sum((url) => new URL(url).pathname === '/'))} KB, the plan and its data included`);
} else if (process.argv[2] === 'map') {
  await map(browser);
} else if (process.argv[2] === 'load-links') {
  await links(browser);
} else if (process.argv[2] === 'calendar') {
  await calendar(browser);
} else {
  const index = await pace(browser);
  console.log(`load-pace ${index.toFixed(0)} (a middling phone has ${PHONE})`);
  // Slowed down by four, whatever the machine; and to the pace of one phone.
  for (const [name, rate] of [['load', 4], ['load-phone', Math.max(1, index / PHONE)]]) {
    const all = [];
    for (let i = 0; i < runs; i += 1) all.push(await visit(browser, rate, true));
    const say = (what, pick, unit, digits = 0) => {
      const values = all.map(pick);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      console.log(`${name}-${what} ${median(values).toFixed(digits)} ${unit}  (${low.toFixed(digits)} to ${high.toFixed(digits)}, ${runs} runs)`);
    };
    console.log(`${name} at ${rate.toFixed(1)} times slower`);
    say('visible', (one) => one.first.plan, 'ms');
    say('usable', (one) => one.first.usable, 'ms');
    say('shift', (one) => one.first.shift, '', 3);
    say('blocked', (one) => one.first.blocked, 'ms');
    say('again', (one) => one.second.usable, 'ms');
    say('offline', (one) => one.offline.usable, 'ms');
  }
}
await browser.close();

/** A day of forty rooms and the next one, drawn by the app and by FullCalendar, each with the bookings of a week at hand. */
async function calendar(browser) {
  const day = process.env.DAY;
  const after = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'zh-CN' });
  const say = (name, values, unit = 'ms') => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    console.log(`${name} ${median(values).toFixed(1)} ${unit}  (${low.toFixed(1)} to ${high.toFixed(1)}, ${values.length} runs)`);
    return median(values);
  };
  const page = await context.newPage();
  await page.goto(`${base}/calendar?centre=town&day=${day}&month`);
  await page.waitForFunction(() => !document.getElementById('shell') && document.querySelector('.switch'));
  await page.waitForTimeout(3_000);
  /** Presses a button and waits until the day is painted. */
  const drawn = (selector, number) => page.evaluate(([selector, number]) => new Promise((resolve) => {
    const before = document.querySelector('.column-body');
    const started = performance.now();
    document.querySelectorAll(selector)[number].click();
    const look = () => {
      const now = document.querySelector('.column-body');
      if (now && now !== before && document.querySelectorAll('.column .block').length > 500) {
        setTimeout(() => resolve(performance.now() - started));
      } else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }), [selector, number]);
  const [ours, oursNext] = [[], []];
  for (let i = 0; i < runs; i += 1) {
    ours.push(await drawn('.switch button', 0));
    oursNext.push(await drawn('[aria-label="后一天"]', 0));
    await page.locator('[aria-label="前一天"]').first().click();
    await page.locator('.switch button').nth(2).click();
    await page.waitForFunction(() => !document.querySelector('.column'));
    await page.waitForTimeout(500);
  }
  const { taken } = await (await page.request.get(`${base}/api/v1/centres/town/occupancy/${day}/7`)).json();
  console.log(`  ${taken.length} bookings in the week`);
  const draw = say('calendar-day', ours);
  const next = say('calendar-next', oursNext);

  const [theirs, theirsNext] = [[], []];
  for (let i = 0; i < runs; i += 1) {
    const other = await context.newPage();
    await other.setContent('<div id="calendar"></div>');
    await other.addScriptTag({ content: await readFile(process.env.FULLCALENDAR, 'utf8') });
    const times = await other.evaluate(async ([taken, day, after]) => {
      const painted = () => new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); });
      const rooms = [...new Set(taken.map((one) => one.room))];
      const calendar = new window.FullCalendar.Calendar(document.getElementById('calendar'), {
        schedulerLicenseKey: 'CC-Attribution-NonCommercial-NoDerivatives',
        initialView: 'resourceTimeGridDay',
        initialDate: day,
        timeZone: 'UTC',
        resources: rooms.map((id) => ({ id, title: id })),
        events: taken.map((one, i) => ({ id: String(i), resourceId: one.room, start: one.start.slice(0, 19), end: one.end.slice(0, 19), title: 'x' })),
      });
      let started = performance.now();
      calendar.render();
      await painted();
      const first = performance.now() - started;
      started = performance.now();
      calendar.gotoDate(after);
      await painted();
      return [first, performance.now() - started, document.querySelectorAll('.fc-event').length];
    }, [taken, day, after]);
    if (times[2] < 500) throw new Error(`FullCalendar shows ${times[2]} bookings`);
    theirs.push(times[0]);
    theirsNext.push(times[1]);
    await other.close();
  }
  const theirDraw = say('calendar-day-fullcalendar', theirs);
  const theirNext = say('calendar-next-fullcalendar', theirsNext);
  console.log(`calendar-ratio ${(theirDraw / draw).toFixed(1)} times as fast, ${(theirNext / next).toFixed(1)} to the next day`);
  await context.close();
}

/** Shared links on the slow phone: when something of the page is seen, when the program has taken over, and the largest paint. */
async function links(browser) {
  const all = await (await fetch(`${base}/api/v1/centres/xizhan/activities`)).json();
  const pages = { activity: `/activities/xizhan/${all[0].id}`, activities: '/activities?centre=xizhan', form: '/book?centre=xizhan' };
  for (const [name, path] of Object.entries(pages)) {
    const seen = [];
    for (let i = 0; i < runs; i += 1) {
      const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'zh-CN' });
      const page = await context.newPage();
      await page.addInitScript(() => {
        window.seen = {};
        new PerformanceObserver((list) => list.getEntries().forEach((one) => { window.seen[one.name] = one.startTime; })).observe({ type: 'paint', buffered: true });
        new PerformanceObserver((list) => list.getEntries().forEach((one) => { window.seen.largest = one.startTime; })).observe({ type: 'largest-contentful-paint', buffered: true });
        const look = () => {
          if (document.querySelector('main') && !document.getElementById('shell') && !document.querySelector('.skeleton')) window.seen.usable = performance.now();
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
      const cdp = await context.newCDPSession(page);
      await cdp.send('Network.enable');
      await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 });
      await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
      await page.goto(base + path);
      await page.waitForFunction(() => window.seen.usable, null, { timeout: 60_000 });
      await page.waitForTimeout(1_000);
      seen.push(await page.evaluate(() => window.seen));
      await context.close();
    }
    const say = (what, pick) => {
      const values = seen.map(pick);
      console.log(`load-links-${name}-${what} ${median(values).toFixed(0)} ms  (${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}, ${runs} runs)`);
    };
    say('content', (one) => one['first-contentful-paint']);
    say('largest', (one) => one.largest);
    say('usable', (one) => one.usable);
  }
}

/** Steps of the time on the map: the script's time of each, and how many frames of a drag of five seconds came late. */
async function map(browser) {
  const rooms = process.env.ROOMS;
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'zh-CN' });
  const page = await context.newPage();
  await page.goto(`${base}/?centre=town&day=${process.env.DAY}&at=08:00&for=60`);
  await page.waitForFunction(() => !document.getElementById('shell') && document.querySelector('.scrubber .range') && document.querySelectorAll('.plan .room').length > 100);
  await page.waitForTimeout(2_000);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  const script = async () => (await cdp.send('Performance.getMetrics')).metrics.find((one) => one.name === 'ScriptDuration').value * 1000;
  const times = [];
  for (let run = 0; run < runs; run += 1) {
    const before = await script();
    const steps = await page.evaluate(async () => {
      const range = document.querySelector('.scrubber .range');
      const [first, last, step] = [Number(range.min), Number(range.max), Number(range.step)];
      let count = 0;
      for (let at = first; at <= last; at += step) {
        range.value = String(at);
        range.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); });
        count += 1;
      }
      return count;
    });
    times.push((await script() - before) / steps);
  }
  const late = await page.evaluate(async () => {
    const range = document.querySelector('.scrubber .range');
    const [first, last, step] = [Number(range.min), Number(range.max), Number(range.step)];
    const began = performance.now();
    let [at, before, all, late] = [first, began, 0, 0];
    while (performance.now() - began < 5_000) {
      at = at + step > last ? first : at + step;
      range.value = String(at);
      range.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((resolve) => { requestAnimationFrame(resolve); });
      const now = performance.now();
      // A frame that was left out shows as two.
      if (now - before > 25) late += 1;
      before = now;
      all += 1;
    }
    return [late, all];
  });
  console.log(`map-step ${median(times).toFixed(1)} ms of script with ${rooms} rooms  (${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)}, ${runs} runs)`);
  console.log(`map-frames ${late[0]} of ${late[1]} late in a drag of 5 s with ${rooms} rooms`);
  await context.close();
}
