import { expect } from '@playwright/test';
import { another, freeSlot, openMap, ready, room, signIn, signInByPhone, test } from '../pages/linli';

test('a fault of the server signs nobody out @phone', async ({ page }) => {
  await signIn(page, 'resident');
  let failed = 0;
  await page.route('**/api/v1/me', async (route) => {
    failed += 1;
    await (failed < 3 ? route.fulfill({ status: 503, body: 'busy' }) : route.continue());
  });
  await page.goto('/me');
  await expect(page.getByRole('heading', { name: '我的数据' })).toBeVisible();
  expect(failed).toBeGreaterThanOrEqual(3);
});

test('a session that ended elsewhere is noticed, and what was typed stays @phone', async ({ page, request }, info) => {
  const slot = await freeSlot(request, info, 'legal', 60, 1);
  await signInByPhone(page, info.project.name === 'phone' ? '13800009411' : '13800009412');
  await page.goto(`/book?centre=xizhan&room=legal&day=${slot.day}&at=${slot.at}&for=60`);
  await page.getByRole('textbox', { name: '备注' }).fill('别丢了');
  await page.request.delete('/api/v1/me/sessions', { headers: { 'idempotency-key': `ended-elsewhere-${Date.now()}` } });
  await page.getByRole('button', { name: '确认预约' }).click();
  await expect(page.getByRole('button', { name: '登录后预约' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: '备注' })).toHaveValue('别丢了');
});

test('a stream that the server refused once is opened again @phone', async ({ page, request, browser }, info) => {
  test.setTimeout(60_000);
  const { day, at } = await freeSlot(request, info, 'half-past-six', 60, 1);
  let refused = 0;
  await page.route('**/events*', async (route) => {
    refused += 1;
    await (refused === 1 ? route.fulfill({ status: 502, body: 'restarting' }) : route.continue());
  });
  await openMap(page, `?centre=xizhan&day=${day}&at=${at}&for=60`);
  await expect(room(page, 'half-past-six')).toHaveClass(/s-free/);
  await expect.poll(() => refused, { timeout: 20_000 }).toBeGreaterThan(1);
  const other = await another(browser, info, 'staff');
  await other.goto(`/book?centre=xizhan&day=${day}&at=${at}&for=60&room=half-past-six`);
  await other.getByRole('button', { name: '确认预约' }).click();
  await expect(room(page, 'half-past-six')).toHaveClass(/s-busy/);
});

test('a reply that is lost on the way is asked for again, and the child is added once @phone', async ({ page }, info) => {
  await signInByPhone(page, info.project.name === 'phone' ? '13800009421' : '13800009422');
  await page.goto('/household');
  await ready(page);
  let sent = 0;
  await page.route('**/api/v1/me/household', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    sent += 1;
    if (sent > 1) return route.continue();
    await route.fetch();
    await route.abort('connectionreset');
  });
  const name = `小丢${Date.now() % 100_000}`;
  await page.getByLabel('姓名', { exact: true }).fill(name);
  await page.getByLabel('出生日期').fill('2018-03-01');
  const add = page.locator('section', { hasText: '添加家人' }).getByRole('button', { name: '添加家人' });
  await add.click();
  await expect(page.locator('.refusal')).toContainText('没有网络');
  await add.click();
  await expect(page.locator('.plain li', { hasText: name })).toHaveCount(1);
  expect(sent).toBe(2);
  // Corrected, removed, and taken back.
  await page.getByRole('button', { name: `更正${name}的资料` }).click();
  await page.locator('input[name=corrected-name]').fill(`${name}改`);
  await page.getByRole('button', { name: '保存' }).click();
  await expect(page.locator('.plain li', { hasText: `${name}改` })).toBeVisible();
  await page.getByRole('button', { name: `移出${name}改` }).click();
  await page.getByRole('button', { name: '移出', exact: true }).click();
  await page.getByRole('button', { name: '加回来' }).click();
  await expect(page.getByRole('button', { name: `移出${name}改` })).toBeVisible();
});

test('people take their data along, and erase their account @phone', async ({ page }, info) => {
  await signInByPhone(page, info.project.name === 'phone' ? '13800009431' : '13800009432');
  await ready(page);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: '下载我的数据' }).click();
  expect((await download).suggestedFilename()).toBe('linli.json');
  await page.getByRole('button', { name: '注销账号' }).click();
  await expect(page.getByText('不能恢复')).toBeVisible();
  await page.getByRole('button', { name: '确定注销' }).click();
  await expect(page.getByRole('main').getByRole('link', { name: '登录' })).toBeVisible();
});

test('without a network the page says how old it is @phone', async ({ page }) => {
  await openMap(page);
  await page.getByRole('link', { name: '活动' }).click();
  await ready(page);
  await page.context().setOffline(true);
  // Also a page that only looks on says so.
  await expect(page.locator('.stale')).toContainText('暂时连不上，显示的是');
  await page.getByRole('link', { name: '地图' }).click();
  await page.getByRole('button', { name: '后一天' }).click();
  for (let day = 0; day < 7; day += 1) await page.getByRole('button', { name: '后一天' }).click();
  await expect(page.locator('.stale')).toContainText('暂时连不上，显示的是');
  await page.context().setOffline(false);
  await expect(page.locator('.stale')).toBeEmpty({ timeout: 20_000 });
});

test('a booking whose reply is lost is not booked twice @phone', async ({ page, request }, info) => {
  const slot = await freeSlot(request, info, 'half-past-six', 60, 8);
  await signInByPhone(page, info.project.name === 'phone' ? '13800009441' : '13800009442');
  await page.goto(`/book?centre=xizhan&room=half-past-six&day=${slot.day}&at=${slot.at}&for=60`);
  await ready(page);
  let sent = 0;
  await page.route('**/api/v1/centres/xizhan/bookings', async (route) => {
    sent += 1;
    if (sent > 1) return route.continue();
    await route.fetch();
    await route.abort('connectionreset');
  });
  await page.getByRole('button', { name: '确认预约' }).click();
  // The server is heard of again by the event of one's own booking: the same is sent again, and its answer comes.
  await expect(page.locator('.ticket-state')).toHaveText('已确认', { timeout: 20_000 });
  expect(sent).toBe(2);
  const mine = await page.request.get('/api/v1/me/bookings');
  expect(((await mine.json()) as unknown[]).length).toBe(1);
});

test('whoever signed in as somebody else on another page acts as nobody else here @phone', async ({ page, context }, info) => {
  const phones = info.project.name === 'phone' ? ['13800009451', '13800009452'] : ['13800009453', '13800009454'];
  await signInByPhone(page, phones[0]);
  await page.getByLabel('姓名').fill('第一位');
  await page.getByRole('button', { name: '保存' }).click();
  await expect(page.locator('.done')).toContainText('已保存');
  // The page hears nothing of it: what others do meanwhile would make it look, and show that nobody is signed in.
  let deaf = true;
  await page.route('**/api/v1/me', (route) => (deaf && route.request().method() === 'GET' ? route.abort() : route.fallback()));
  const other = await context.newPage();
  await other.goto('/me');
  await other.evaluate(() => fetch('/api/v1/me/session', { method: 'DELETE', headers: { 'idempotency-key': `out-${Date.now()}-0123456789` } }));
  await signInByPhone(other, phones[1]);
  deaf = false;
  // What stands here was typed by the first person.
  await page.getByRole('button', { name: '保存' }).click();
  await expect(page.getByLabel('姓名')).not.toHaveValue('第一位');
  const me = (await (await page.request.get('/api/v1/me')).json()) as { profile: { name: string } };
  expect(me.profile.name).toBe('');
});
