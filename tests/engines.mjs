// One story in the other engines: look, book, sign up, take both back. Firefox is driven by WebDriver BiDi, WebKit by WebDriver.
// `node engines.mjs firefox|webkit`
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import puppeteer from 'puppeteer-core';
import { Builder, By, Capabilities } from 'selenium-webdriver';

const base = process.env.LINLI_URL;
const [, , engine] = process.argv;

/** What the story needs of a browser. Things are found by XPath. */
async function openFirefox() {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath: process.env.FIREFOX, headless: true, defaultViewport: null, args: ['--width=500', '--height=844'] });
  const page = await browser.newPage();
  const seen = (path) => page.waitForSelector(`::-p-xpath(${path})`, { visible: true, timeout: 20_000 });
  return {
    open: (path) => page.goto(base + path),
    see: async (path) => { await seen(path); },
    press: async (path) => {
      const one = await seen(path);
      // What is in sight may still lie beneath the bar at the foot.
      await one.evaluate((element) => element.scrollIntoView({ block: 'center', behavior: 'instant' }));
      await one.click();
    },
    address: () => page.evaluate(() => location.href),
    ask: (path) => page.evaluate(async (at) => (await fetch(at)).json(), path),
    counts: (css) => page.evaluate((one) => document.querySelectorAll(one).length, css),
    speak: (lang) => page.evaluate((one) => { document.cookie = `lang=${one}; Path=/`; }, lang),
    end: () => browser.close(),
  };
}

const freePort = () => new Promise((found) => {
  const server = createServer();
  server.listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => found(port)); });
});

async function openWebKit() {
  const port = await freePort();
  const driver = spawn(process.env.WEBKIT_DRIVER, [`--port=${port}`], { stdio: 'ignore' });
  const capabilities = new Capabilities({ browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { binary: process.env.WEBKIT, args: ['--automation'] } });
  let session;
  for (let tries = 0; !session; tries += 1) {
    try {
      session = await new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities).build();
    } catch (fault) {
      // The driver listens a moment after it was started.
      if (tries === 50 || !String(fault).includes('ECONNREFUSED')) { driver.kill(); throw fault; }
      await new Promise((go) => { setTimeout(go, 100); });
    }
  }
  await session.manage().setTimeouts({ script: 20_000 });
  const seen = (path) => session.wait(async () => {
    for (const one of await session.findElements(By.xpath(path))) {
      if (await one.isDisplayed().catch(() => false)) return one;
    }
    return null;
  }, 20_000, path);
  return {
    open: (path) => session.get(base + path),
    see: async (path) => { await seen(path); },
    press: async (path) => {
      // What is drawn anew between being found and pressed is found again.
      for (let tries = 0; ; tries += 1) {
        try {
          const one = await seen(path);
          await session.executeScript("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })", one);
          return await one.click();
        } catch (fault) {
          if (tries === 5 || fault.name !== 'StaleElementReferenceError') throw fault;
        }
      }
    },
    address: () => session.getCurrentUrl(),
    ask: (path) => session.executeAsyncScript('const [at, done] = arguments; fetch(at).then((a) => a.json()).then(done);', path),
    counts: (css) => session.executeScript('return document.querySelectorAll(arguments[0]).length', css),
    speak: (lang) => session.executeScript('document.cookie = `lang=${arguments[0]}; Path=/`', lang),
    end: async () => { await session.quit(); driver.kill(); },
  };
}

/** Waits until something holds. */
async function until(what, holds) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await holds()) return;
    await new Promise((go) => { setTimeout(go, 100); });
  }
  throw new Error(`never: ${what}`);
}

const says = (words) => `//*[contains(normalize-space(.), '${words}')]`;
const button = (words) => `//button[contains(normalize-space(.), '${words}')]`;
const dayAhead = (days) => new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);

/** Opens a page and waits until the app has taken it over from the server, and shows what it asked for. */
async function open(hand, path) {
  await hand.open(path);
  await until(`the app has taken over ${path}`, async () => (await hand.counts('#shell, .skeleton')) === 0 && (await hand.counts('#main')) > 0);
}

async function tellStory(hand) {
  // Look.
  await hand.open('/?centre=xizhan');
  await hand.speak('zh');
  await open(hand, '/?centre=xizhan');
  await hand.see(`//*[contains(@class, 'plan')]//*[@data-room='legal']`);
  await open(hand, '/sign-in');
  await hand.press(`//*[@data-role='resident']`);
  await until('signed in', async () => (await hand.address()).includes('/me'));
  // Book, on the first day on which the room is free at that time.
  const at = engine === 'firefox' ? '11:00' : '15:00';
  let day = '';
  for (let ahead = 7; !day && ahead < 14; ahead += 1) {
    const date = dayAhead(ahead);
    const { taken: all } = await hand.ask(`/api/v1/centres/xizhan/occupancy/${date}/1`);
    const start = Date.parse(`${date}T${at}:00+08:00`);
    const isInTheWay = (one) => one.room === 'legal' && Date.parse(one.start) < start + 3_600_000 && start < Date.parse(one.end);
    if (!all.some(isInTheWay)) day = date;
  }
  if (!day) throw new Error('the room is taken on every day that can be booked');
  await open(hand, `/book?centre=xizhan&room=legal&day=${day}&at=${at}&for=60&people=2`);
  await hand.press(button('确认预约'));
  await until('booked', async () => (await hand.address()).includes('/bookings/'));
  await hand.see(says('已确认'));
  // Take it back.
  await hand.press(button('撤销'));
  await hand.see(says('已撤销'));
  // Sign up, and take it back.
  const activities = await hand.ask('/api/v1/centres/xizhan/activities');
  const chosen = activities.find((one) => one.per === 'session' && !one.audience.from_age && !one.audience.to_age
    && one.sessions.some((session) => session.state === 'confirmed' && session.places - session.taken > 3));
  await open(hand, `/activities/xizhan/${chosen.id}`);
  await hand.press(`//label[contains(., '本人')]//input`);
  await hand.press(button('确认报名'));
  await hand.see(says('报名成功'));
  await hand.press(button('撤销'));
  await hand.see(says('已撤销'));
}

const hand = engine === 'firefox' ? await openFirefox() : await openWebKit();
try {
  await tellStory(hand);
  console.log(`${engine}: looked, booked, signed up, took both back`);
} finally {
  await hand.end();
}
