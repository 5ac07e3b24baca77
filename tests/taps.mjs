// How many interactions staff need for common jobs, counted in real Chromium at a desk: a tap, a drag, a choice, a key that decides
// something, and the filling of a field count one each. Lines are `name value unit`.
import { chromium } from '@playwright/test';

const base = process.env.LINLI_URL;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });

class Hand {
  constructor(page) { this.page = page; this.count = 0; }
  async tap(target) { this.count += 1; await target.click(); }
  async type(target, text) { this.count += 1; await target.fill(text); }
  async choose(target, value) { this.count += 1; await target.selectOption(value); }
  async key(key) { this.count += 1; await this.page.keyboard.press(key); }
  async write(text) { this.count += 1; await this.page.keyboard.type(text); }
}

async function signedIn(role) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', baseURL: base });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await page.locator(`[data-role=${role}]`).click();
  await page.waitForURL(/\/me(\?|$)/);
  return page;
}

const ready = (page) => page.waitForFunction(() => !document.getElementById('shell') && !document.querySelector('.skeleton'));
const dayAhead = (days) => new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
let keys = 0;
async function post(page, path, data) {
  keys += 1;
  const answer = await page.request.post(`/api/v1/centres/xizhan/${path}`, { data, headers: { 'idempotency-key': `taps-${Date.now()}-${keys}-000000` } });
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
}
const book = (page, room, day, from, until) => post(page, 'bookings', { room, start: `${day}T${from}`, end: `${day}T${until}`, people: 2, purpose: null, note: '' });
/** Days on which a room is free all day. */
async function freeDays(page, room, count) {
  const days = [];
  for (let ahead = 3; days.length < count && ahead < 27; ahead += 1) {
    const { taken } = await (await page.request.get(`/api/v1/centres/xizhan/occupancy/${dayAhead(ahead)}/1`)).json();
    if (!taken.some((one) => one.room.startsWith(room.split('-')[0]) && one.start.startsWith(dayAhead(ahead)))) days.push(dayAhead(ahead));
  }
  return days;
}

const jobs = {
  async 'a caller has a room'(page, hand) {
    const [day] = await freeDays(page, 'legal', 1);
    await page.goto('/desk?centre=xizhan');
    await ready(page);
    await hand.key('/');
    await hand.write('13800000001');
    await hand.key('Enter');
    await page.locator('.ask-room input:focus').waitFor();
    await hand.write(`${Number(day.slice(5, 7))}月${Number(day.slice(8))}号 下午三点 两小时 2人`);
    await page.locator('.answer.fits').first().waitFor();
    await page.waitForTimeout(700);
    await hand.key('Enter');
    await page.locator('.call-done').waitFor();
  },
  async 'a mother without a phone signs up two children'(page, hand) {
    const all = await (await page.request.get('/api/v1/centres/xizhan/activities')).json();
    const children = all.find((one) => one.pick_up);
    await page.goto('/desk?centre=xizhan');
    await ready(page);
    await hand.tap(page.locator('.find-person summary'));
    await hand.type(page.getByLabel('姓名', { exact: true }), '量尺妈妈');
    await hand.type(page.getByLabel(/同来的家人/), '小一 2018-03-01\n小二 2019年5月6日');
    await hand.tap(page.getByRole('button', { name: '登记' }));
    await page.getByRole('heading', { name: '量尺妈妈', level: 1 }).waitFor();
    await hand.tap(page.getByRole('link', { name: '报活动' }));
    await hand.tap(page.locator(`a.activity[href*="${children.id}"]`));
    for (const name of ['小一', '小二']) {
      if (!(await page.getByRole('checkbox', { name: new RegExp(name) }).isChecked())) throw new Error(`${name} is not meant`);
    }
    await hand.tap(page.getByRole('checkbox', { name: '已向监护人念过以上内容，监护人同意' }));
    await hand.tap(page.getByRole('button', { name: /确认报名|加入候补/ }));
    await page.locator('.sign-up', { hasText: '小一' }).first().waitFor();
  },
  async 'five requests are decided'(page, hand) {
    const resident = await signedIn('resident');
    const days = await freeDays(page, 'mediation', 5);
    const notes = [];
    for (const [at, day] of days.entries()) {
      const note = `量尺 ${at}`;
      await post(resident, 'bookings', { room: 'mediation', start: `${day}T15:00`, end: `${day}T16:00`, people: 2, purpose: null, note });
      notes.push(note);
    }
    await page.goto('/desk?centre=xizhan');
    await ready(page);
    for (const note of notes) await hand.tap(page.locator('.applicant', { hasText: note }).getByRole('button', { name: /^批准/ }));
    await page.locator('.applicant', { hasText: notes[4] }).getByRole('button', { name: '已批准' }).waitFor();
    await resident.context().close();
  },
  async 'a club goes to another room next week'(page, hand) {
    const organiser = await signedIn('organiser');
    const [day] = await freeDays(page, 'half', 1);
    await post(organiser, 'activities', { title: '量尺操', about: '', kind: 'dance', room: 'half-past-six', start: `${day}T11:00`, end: `${day}T12:00`, places: 5 });
    await page.goto('/desk?centre=xizhan');
    await ready(page);
    await hand.type(page.locator('.day input'), day);
    const block = page.locator('.today a.block', { hasText: '量尺操' });
    await block.scrollIntoViewIfNeeded();
    const from = await block.boundingBox();
    const to = await page.locator('.today .column').nth(1).boundingBox();
    hand.count += 1;
    await page.mouse.move(from.x + 20, from.y + 8);
    await page.mouse.down();
    await page.mouse.move(from.x, from.y + 8, { steps: 3 });
    await page.mouse.move(to.x + 20, from.y + 8, { steps: 5 });
    await page.mouse.up();
    await page.locator('form.change .verdict').waitFor();
    await hand.tap(page.getByRole('button', { name: '改好，并通知' }));
    await page.getByRole('button', { name: /^撤销/ }).first().waitFor();
    await organiser.context().close();
  },
  async 'a room with five bookings is closed'(page, hand) {
    const [day] = await freeDays(page, 'seniors', 1);
    for (const hour of [11, 13, 15, 17, 19]) await book(page, 'seniors', day, `${hour}:00`, `${hour + 1}:00`);
    await page.goto('/desk?centre=xizhan');
    await ready(page);
    await hand.tap(page.getByRole('link', { name: '停用', exact: true }));
    await hand.choose(page.getByLabel('停用哪里'), 'seniors');
    await hand.type(page.getByLabel('从', { exact: true }), `${day}T00:00`);
    await hand.type(page.getByLabel('到', { exact: true }), `${day}T23:30`);
    await hand.tap(page.getByRole('button', { name: '水管抢修' }));
    await hand.tap(page.getByRole('button', { name: '看看影响谁' }));
    await page.locator('.hit').nth(4).waitFor();
    await hand.tap(page.getByRole('button', { name: /停用，并处理/ }));
    await page.locator('.done', { hasText: '已停用' }).waitFor();
  },
  async 'a colleague is made'(page, hand) {
    await page.goto('/desk?centre=xizhan');
    await ready(page);
    await hand.tap(page.getByRole('link', { name: '人员与职责' }));
    await hand.type(page.getByLabel('手机号'), '13900000123');
    await hand.type(page.getByLabel('姓名'), '量尺同事');
    await hand.tap(page.getByRole('button', { name: '添加同事' }));
    await page.locator('.done', { hasText: '现在是工作人员' }).waitFor();
  },
};

for (const [name, job] of Object.entries(jobs)) {
  const page = await signedIn('manager');
  const hand = new Hand(page);
  try {
    await job(page, hand);
    console.log(`taps ${name}: ${hand.count} interactions`);
  } catch (cause) {
    console.log(`taps ${name}: not done after ${hand.count} interactions: ${String(cause).split('\n')[0]}`);
    process.exitCode = 1;
  }
  await page.context().close();
}
await browser.close();
