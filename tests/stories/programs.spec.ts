import { createHmac } from 'node:crypto';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, request as requests } from '@playwright/test';
import { another, freeSlot, freshPhone, ready, signIn, signInByPhone, test } from '../pages/linli';
import { Receiver } from '../pages/receiver';

test('the description of the API is sound OpenAPI, and its page loads nothing from elsewhere', async ({ page, request, baseURL }) => {
  const described = await (await request.get('/api/openapi.json')).json();
  expect(described.openapi).toMatch(/^3\.1/);
  const checked = await new Validator().validate(described);
  expect(checked.errors ?? []).toEqual([]);
  expect(checked.valid).toBe(true);

  const asked: string[] = [];
  page.on('request', (one) => asked.push(new URL(one.url()).origin));
  await page.goto('/api');
  await expect(page.locator('h1')).toHaveText('邻里接口说明');
  const book = page.locator('details', { hasText: '/centres/{centre}/bookings' }).first();
  await book.locator('summary').click();
  await book.locator('a', { hasText: 'NewBooking' }).first().click();
  await expect(page).toHaveURL(/#schema-NewBooking$/);
  expect(new Set(asked)).toEqual(new Set([new URL(baseURL!).origin]));
  // Nothing runs sideways off a phone.
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});

test('a program reads with a token until it is ended', async ({ page, baseURL }, info) => {
  await signInByPhone(page, freshPhone(info));
  await page.goto('/me');
  await ready(page);
  const section = page.locator('[aria-labelledby=tokens]');
  await section.locator('summary').click();
  await section.getByLabel('叫什么').fill('表格');
  // What one is not allowed is not offered.
  await expect(section.locator('[name=scope-staff]')).toHaveCount(0);
  await section.getByRole('button', { name: '生成令牌' }).click();
  const secret = (await section.locator('.link-by-hand').textContent())!;
  expect(secret).toMatch(/^linli_/);
  const program = await requests.newContext({ baseURL, extraHTTPHeaders: { authorization: `Bearer ${secret}` } });
  expect((await program.get('/api/v1/me/bookings')).status()).toBe(200);
  const refused = await program.post('/api/v1/me/letters/read', { headers: { 'idempotency-key': 'program-0123456789' }, data: 'null' });
  expect(refused.status()).toBe(403);
  await page.reload();
  await ready(page);
  await section.locator('summary').click();
  await expect(section.locator('li')).toContainText('表格');
  // The secret is told once.
  await expect(section.locator('.link-by-hand')).toHaveCount(0);
  await section.getByRole('button', { name: '收回' }).click();
  await expect(section.locator('li')).toHaveCount(0);
  expect((await program.get('/api/v1/me/bookings')).status()).toBe(401);
  await program.dispose();
});

test('another system is told what happens in the house, signed @desktop', async ({ page, browser, request }, info) => {
  test.setTimeout(90_000);
  const there = await Receiver.open();
  const slot = await freeSlot(request, info, 'seniors', 60, 6);
  await signIn(page, 'manager');
  await page.goto('/settings?centre=xizhan');
  await ready(page);
  const section = page.locator('details', { has: page.getByRole('heading', { name: '通知其他系统' }) });
  await section.locator('summary').first().click();
  await section.getByLabel('地址（https）').fill(there.url('/linli'));
  await section.getByRole('button', { name: '添加' }).click();
  const row = section.locator('.hook', { hasText: there.url('/linli') });
  await expect(row).toBeVisible();
  // It is tried at once.
  await expect.poll(() => there.received.length, { timeout: 30_000 }).toBeGreaterThan(0);

  const resident = await another(browser, info, 'resident');
  await resident.goto(`/book?room=seniors&day=${slot.day}&at=${slot.at}&for=60`);
  await resident.locator('.form-end button.primary').click();
  await expect(resident.locator('.ticket-state')).toHaveText(/已确认|待审批/);
  const ticket = new URL(resident.url()).pathname;
  const told = () => there.received.flatMap((one) => JSON.parse(one.body.toString()).events as { act: string; page: string }[]);
  await expect.poll(() => told().find((one) => one.act === 'booked' && one.page === ticket), { timeout: 45_000 }).toBeTruthy();
  await page.reload();
  await ready(page);
  if (!await row.isVisible()) await section.locator('summary').first().click();
  await expect(row).toContainText('对方收到了');
  await row.locator('summary').click();
  const secret = (await row.locator('.link-by-hand').textContent())!;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  for (const { headers, body } of there.received) {
    const signed = createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`).update(body).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signed}`);
  }
  await row.getByRole('button', { name: '移除' }).click();
  await row.getByRole('button', { name: '移除' }).click();
  await expect(row).toHaveCount(0);
  there.close();
  await resident.context().close();
});
