import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { type Slot, freeSlot, freshPhone, ready, room, signIn, signInByPhone, test } from '../pages/linli';

test.use({ serviceWorkers: 'allow' });

/** How many answers the service worker keeps. */
function count(page: Page, cache: string, path: RegExp): Promise<number> {
  return page.evaluate(async ([name, pattern]) => {
    if (!await caches.has(name)) return 0;
    const keys = await (await caches.open(name)).keys();
    return keys.filter((one) => new RegExp(pattern).test(new URL(one.url).pathname)).length;
  }, [cache, path.source] as const);
}

async function kept(page: Page, cache: string, path: RegExp): Promise<void> {
  await expect.poll(() => count(page, cache, path), { timeout: 30_000 }).toBeGreaterThan(0);
}

test('without a network the house is there as last seen, with its age, and so is what one has booked', async ({ page, context, request }, info) => {
  const slot = await freeSlot(request, info, 'seniors', 60, 8);
  await signInByPhone(page, freshPhone(info));
  await page.goto(`/book?room=seniors&day=${slot.day}&at=${slot.at}&for=60`);
  await page.locator('.form-end button.primary').click();
  await expect(page.locator('.ticket-state')).toHaveText(/已确认|待审批/);
  await page.goto('/');
  await ready(page);
  await kept(page, 'mine', /\/bookings\/[^/]+$/);
  await kept(page, 'public', /\/occupancy\//);
  // The whole program is there, also what was not opened yet; the cache is named by the files of the build.
  const parts = () => page.evaluate(async () => {
    const build = (await caches.keys()).find((name) => name.includes('/everyone-'));
    return build ? (await (await caches.open(build)).keys()).length : 0;
  });
  await expect.poll(parts, { timeout: 30_000 }).toBeGreaterThan(8);

  await context.setOffline(true);
  await page.goto('/');
  await ready(page);
  await expect(room(page, 'seniors')).toBeVisible();
  await expect(page.locator('.stale')).toContainText('暂时连不上');
  await page.getByRole('link', { name: '我的', exact: true }).first().click();
  const row = page.locator('[aria-labelledby=my-bookings] .row').first();
  await expect(row).toBeVisible();
  await row.click();
  await expect(page.locator('.ticket-time')).toContainText(slot.at);
  await page.goto('/calendar');
  await expect(page.locator('.block').first()).toBeVisible();

  // The network is back: what is shown is new, without a reload.
  await context.setOffline(false);
  await expect(page.locator('.stale')).toHaveText('', { timeout: 30_000 });
});

test('signing out wipes what the device kept of a person', async ({ page }, info) => {
  await signInByPhone(page, freshPhone(info));
  await page.goto('/me');
  await kept(page, 'mine', /\/me\/bookings$/);
  await page.getByRole('button', { name: '退出登录' }).first().click();
  await expect.poll(() => count(page, 'mine', /./)).toBe(0);
});

/** Opens the form for a slot while there is a network, and books it without one. */
async function bookWithout(page: Page, slot: Slot): Promise<void> {
  await page.goto('/me');
  await kept(page, 'mine', /\/me\/bookings$/);
  await kept(page, 'public', /\/occupancy\//);
  await page.context().setOffline(true);
  await page.goto(`/book?centre=xizhan&room=seniors&day=${slot.day}&at=${slot.at}&for=60`);
  await page.getByRole('button', { name: '确认预约' }).click();
  await expect(outbox(page)).toContainText('有 1 件事等网络，还没有确认');
}

function outbox(page: Page) {
  return page.getByRole('region', { name: '等网络的事' });
}

interface Mine { state: string; start: string }

async function mine(page: Page): Promise<Mine[]> {
  return (await (await page.request.get('/api/v1/me/bookings')).json()) as Mine[];
}

test('a room is booked without a network: it waits through a reload, is sent once there is one, and its outcome is told', async ({ page, context, request }, info) => {
  const slot = await freeSlot(request, info, 'seniors', 60, 4);
  await signInByPhone(page, freshPhone(info));
  await bookWithout(page, slot);
  await expect(page.locator('.done')).toContainText('还没有确认');
  // The tab was closed and opened again.
  await page.goto('/');
  await expect(outbox(page)).toContainText(slot.at, { timeout: 15_000 });
  expect(await mine(page)).toEqual([]);

  // A second tab sends it as well: it is done once.
  const other = await context.newPage();
  await other.goto('/');
  await expect(outbox(other)).toContainText(slot.at, { timeout: 15_000 });
  await context.setOffline(false);
  await expect(outbox(page)).toContainText(/：(已确认|待审批)/, { timeout: 15_000 });
  await other.close();
  expect(await mine(page)).toHaveLength(1);
  await page.getByRole('button', { name: /^知道了/ }).click();
  await expect(outbox(page)).toBeHidden();
});

test('what waits is taken back before it is sent, and signing out wipes it', async ({ page, context, request }, info) => {
  const slot = await freeSlot(request, info, 'seniors', 60, 5);
  await signInByPhone(page, freshPhone(info));
  await bookWithout(page, slot);
  await page.getByRole('button', { name: /^不发了/ }).click();
  await expect(outbox(page)).toBeHidden();
  await bookWithout(page, slot);
  await page.goto('/me');
  await page.getByRole('button', { name: '退出登录' }).first().click();
  // It is asked first: what waits would be gone.
  await expect(page.getByRole('alert').filter({ hasText: '还有 1 件事没有网络' })).toBeVisible();
  await expect(outbox(page)).toBeVisible();
  await page.getByRole('button', { name: '仍然退出' }).click();
  await context.setOffline(false);
  const count = () => page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve) => { const asked = indexedDB.open('linli', 1); asked.onsuccess = () => resolve(asked.result); });
    const found = await new Promise<number>((resolve) => { const asked = db.transaction('outbox').objectStore('outbox').count(); asked.onsuccess = () => resolve(asked.result); });
    db.close();
    return found;
  });
  await expect.poll(count).toBe(0);
});

test('what the house refuses is told, and what an erased account left waiting is sent by nobody', async ({ page, context, request }, info) => {
  const slot = await freeSlot(request, info, 'seniors', 60, 6);
  await signInByPhone(page, freshPhone(info));
  await bookWithout(page, slot);
  // Meanwhile the account is erased, on another device.
  const erased = await page.request.delete('/api/v1/me', { headers: { 'idempotency-key': crypto.randomUUID().replaceAll('-', '') }, data: null });
  expect(erased.ok()).toBe(true);
  await context.setOffline(false);
  await signInByPhone(page, freshPhone(info));
  await page.goto('/me');
  await kept(page, 'mine', /\/me\/bookings$/);
  await expect(outbox(page)).toBeHidden();
  expect(await mine(page)).toEqual([]);

  // Another is faster.
  await bookWithout(page, slot);
  const faster = await context.browser()!.newContext({ ...info.project.use, serviceWorkers: 'block' });
  const rival = await faster.newPage();
  await signInByPhone(rival, freshPhone(info));
  await rival.goto(`/book?centre=xizhan&room=seniors&day=${slot.day}&at=${slot.at}&for=60`);
  await rival.getByRole('button', { name: '确认预约' }).click();
  await expect(rival).toHaveURL(/\/bookings\//);
  await faster.close();
  await context.setOffline(false);
  await expect(outbox(page)).toContainText('没有办成', { timeout: 15_000 });
});

test('a series is booked without a network, and its outcome is told', async ({ page, context, request }, info) => {
  const slot = await freeSlot(request, info, 'half-past-six', 60, 6, 2);
  await signInByPhone(page, freshPhone(info));
  await page.goto('/me');
  await kept(page, 'mine', /\/me\/bookings$/);
  await page.goto(`/book?centre=xizhan&room=half-past-six&day=${slot.day}&at=${slot.at}&for=60`);
  await ready(page);
  await page.getByLabel('重复').selectOption('weeks');
  await page.getByLabel('次数').fill('2');
  await page.getByLabel('次数').blur();
  await expect(page.locator('.series .verdict')).toContainText('2 次都可以约');
  await context.setOffline(true);
  await page.locator('.form-end button.primary').click();
  await expect(outbox(page)).toContainText('起共 2 次');
  const looked = await new AxeBuilder({ page }).include('.outbox').analyze();
  expect(looked.violations).toEqual([]);
  await context.setOffline(false);
  await expect(outbox(page)).toContainText(/：.*2 次/, { timeout: 15_000 });
  expect(await mine(page)).toHaveLength(2);
});

test('a sheet that was opened is there without a network, and its marks wait', async ({ page, context }) => {
  await signIn(page, 'staff');
  await page.goto('/me');
  await kept(page, 'mine', /\/me\/bookings$/);
  const answer = await page.request.get('/api/v1/centres/liuyi/activities');
  const all = (await answer.json()) as { sessions: { id: string; start: string; taken: number; state: string }[] }[];
  const now = Date.now();
  const near = all.flatMap((one) => one.sessions)
    .filter((one) => one.state === 'confirmed' && one.taken > 0 && Math.abs(Date.parse(one.start) - now) < 20 * 3_600_000)
    .sort((one, other) => Date.parse(one.start) - Date.parse(other.start))[0];
  await page.goto(`/attendance/liuyi/${near.id}`);
  await ready(page);
  const people = page.locator('.sheet li').first();
  await expect(people).toBeVisible();
  const name = (await people.locator('.row-name').textContent())!;
  await kept(page, 'mine', /\/attendance\//);
  await context.setOffline(true);
  await page.goto('/');
  await page.goto(`/attendance/liuyi/${near.id}`);
  await expect(page.getByText(name).first()).toBeVisible({ timeout: 15_000 });
  await expect(page.locator('.stale')).toContainText('暂时连不上');
  await context.setOffline(false);
});
