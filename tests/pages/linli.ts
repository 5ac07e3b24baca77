import { createHmac } from 'node:crypto';
import { expect, test as base, type APIRequestContext, type Browser, type Page, type TestInfo } from '@playwright/test';

/**
 * Stories that start where the app has taken over: until then the server's page and the app's stand beside each other. A program that
 * stops on the way fails the story, also where what was asked for was done.
 */
export const test = base.extend({
  page: async ({ page }, use) => {
    const faults: string[] = [];
    // A part of the program that a story keeps from coming is no stop: the page says so.
    page.on('pageerror', (fault) => { if (fault.message !== 'Failed to fetch') faults.push(fault.message); });
    await use(takenOver(page));
    expect(faults, 'the program stopped').toEqual([]);
  },
});

/** Lets `goto` and `reload` wait until the page that the server drew is gone. */
function takenOver(page: Page): Page {
  const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)];
  const gone = async <T>(answer: T): Promise<T> => {
    await expect(page.locator('#shell')).toHaveCount(0);
    return answer;
  };
  page.goto = async (url, options) => gone(await goto(url, options));
  page.reload = async (options) => gone(await reload(options));
  return page;
}

export type Role = 'resident' | 'organiser' | 'staff' | 'manager';

/** A time that nobody has, on a day that belongs to this test alone. */
export interface Slot {
  day: string;
  at: string;
}

const DAY = 86_400_000;

/** The day `ahead` days from now on a wall in China. */
export function dayAhead(ahead: number): string {
  return new Date(Date.now() + 8 * 3_600_000 + ahead * DAY).toISOString().slice(0, 10);
}

interface Hours { special?: { date: string }[] }

/** The first day from `ahead` days on whose hours are those of its weekday. */
export async function plainDay(request: APIRequestContext, ahead: number): Promise<string> {
  const view = (await (await request.get('/api/v1/centres/xizhan')).json()) as { centre: { hours: Hours } };
  const special = (view.centre.hours.special ?? []).map((one) => one.date);
  for (let more = 0; more < 14; more += 1) {
    if (!special.includes(dayAhead(ahead + more))) return dayAhead(ahead + more);
  }
  throw new Error('each day is special');
}

/** Each project looks at its own days, so that the two do not book each other's slots away. `weeks` in a row are free. */
export async function freeSlot(request: APIRequestContext, info: TestInfo, room: string, minutes = 60, skip = 0, weeks = 1): Promise<Slot> {
  const first = info.project.name === 'phone' ? 2 : 14;
  for (let ahead = first + skip; ahead < first + 12; ahead += 1) {
    const day = dayAhead(ahead);
    if (await plainDay(request, ahead) !== day) continue;
    const answer = await request.get(`/api/v1/centres/xizhan/occupancy/${day}/${7 * weeks - 6}`);
    const { taken } = (await answer.json()) as { taken: { room: string; start: string; end: string }[] };
    for (const hour of [11, 13, 16, 21]) {
      // The house closes at half past ten.
      if (hour * 60 + minutes > 22 * 60) continue;
      const first = Date.parse(`${day}T${hour}:00:00+08:00`);
      const starts = Array.from({ length: weeks }, (_, week) => first + week * 7 * DAY);
      const busy = taken.some((one) => one.room.startsWith(room.split('-')[0]) && starts.some((start) =>
        Date.parse(one.start) < start + minutes * 60_000 + 900_000 && Date.parse(one.end) > start - 900_000));
      if (!busy) return { day, at: `${hour}:00` };
    }
  }
  throw new Error(`no free time for ${room}`);
}

export async function signIn(page: Page, role: Role): Promise<void> {
  await page.goto('/sign-in');
  await page.locator(`[data-role=${role}]`).click();
  await page.waitForURL(/\/me(\?|$)/);
}

/**
 * Asks for a code on the page at hand and returns it. Each asks from an address of their own: the limit of codes per address is
 * one of a hall of neighbours, not of a whole suite.
 */
export async function askCode(page: Page, phone: string): Promise<string> {
  const [a, b, c] = crypto.getRandomValues(new Uint8Array(3));
  await page.setExtraHTTPHeaders({ 'x-forwarded-for': `10.${a}.${b}.${c}` });
  await page.getByLabel('手机号').fill(phone);
  await page.getByRole('button', { name: '获取验证码' }).click();
  return (await page.locator('.verdict').textContent())!.match(/\d{6}/)![0];
}

/** Signs in as somebody whom no other story knows: whoever ends all sessions must not end another story's. */
export async function signInByPhone(page: Page, phone: string): Promise<void> {
  await page.goto('/sign-in');
  const code = await askCode(page, phone);
  await page.getByLabel('验证码').fill(code);
  await page.waitForURL(/\/me(\?|$)/);
}

/** A number that nobody has. */
export function freshPhone(info: TestInfo): string {
  return `137${info.project.name === 'phone' ? 1 : 2}${String(Date.now()).slice(-7)}`;
}

/** A browser of its own for somebody else. */
export async function another(browser: Browser, info: TestInfo, role?: Role): Promise<Page> {
  const { viewport, hasTouch, isMobile, locale, timezoneId, baseURL } = info.project.use;
  const context = await browser.newContext({ viewport, hasTouch, isMobile, locale, timezoneId, baseURL });
  const page = takenOver(await context.newPage());
  if (role) await signIn(page, role);
  return page;
}

/** The app has taken over and shows what it asked the server for. */
export async function ready(page: Page): Promise<void> {
  await expect(page.locator('#shell')).toHaveCount(0);
  await expect(page.locator('.skeleton')).toHaveCount(0);
}

export async function openMap(page: Page, query = ''): Promise<void> {
  await page.goto(`/${query}`);
  await ready(page);
}

/** A room on the plan. */
export function room(page: Page, id: string) {
  return page.locator(`.plan [data-room="${id}"]`);
}

/** A part of the desk; a small screen shows one at a time. */
export async function deskTab(page: Page, tab: '待办' | '今天' | '人'): Promise<void> {
  const chip = page.locator('.desk-tabs').getByRole('button', { name: new RegExp(`^${tab}`) });
  await page.locator('.desk').waitFor();
  await ready(page);
  if (await chip.isVisible()) await chip.click();
}

/** What an app for codes shows (RFC 6238), some steps of half a minute from now. */
export function codeOf(secret: string, steps = 0): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replace(/\s/g, '')].map((one) => letters.indexOf(one).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac('sha1', key).update(counter).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
