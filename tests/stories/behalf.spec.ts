import { expect, type Page } from '@playwright/test';
import { deskTab, freeSlot, openMap, ready, room, signIn, test } from '../pages/linli';

/** Makes a record at the desk and opens it, as one does with a caller on the phone. */
async function callerOnThePhone(page: Page, name: string): Promise<void> {
  await signIn(page, 'staff');
  await page.goto('/desk?centre=xizhan');
  await deskTab(page, '人');
  await page.locator('.find-person summary').click();
  await page.getByLabel('姓名', { exact: true }).fill(name);
  await page.getByRole('button', { name: '登记' }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
  await expect(page.locator('.acting')).toContainText(`正在为${name}办理（来电）`);
}

/** Books what stands in the form, and sees that it is the caller's. */
async function bookedForTheCaller(page: Page, name: string): Promise<void> {
  await expect(page.locator('.acting')).toContainText(name);
  await page.getByRole('button', { name: new RegExp(`^为${name}(确认预约|提交申请)$`) }).click();
  await expect(page.locator('.ticket-state')).toHaveText(/已确认|等待审批/);
  await expect(page.locator('.ticket')).toContainText(name);
  await expect(page.locator('.ticket')).toContainText('代办（来电）');
  await expect(page.locator('.acting')).toContainText(name);
}

test('over the map the caller gets the room, not the staff', async ({ page, request }, info) => {
  const name = `地图来电${info.project.name}${Date.now() % 100_000}`;
  const slot = await freeSlot(request, info, 'legal', 60, 5);
  await callerOnThePhone(page, name);
  await page.locator('.nav').getByRole('link', { name: '地图' }).click();
  await ready(page);
  await page.goto(`${page.url()}&day=${slot.day}&at=${slot.at}&for=60`);
  await ready(page);
  await room(page, 'legal').click();
  await page.locator('.detail').getByRole('button', { name: /^预约/ }).click();
  await bookedForTheCaller(page, name);
});

test('over the calendar and a room’s week the caller gets the room, not the staff', async ({ page, request }, info) => {
  const name = `日历来电${info.project.name}${Date.now() % 100_000}`;
  const slot = await freeSlot(request, info, 'legal', 60, 7);
  await callerOnThePhone(page, name);
  await page.locator('.nav').getByRole('link', { name: '地图' }).click();
  await page.goto(`${page.url()}&day=${slot.day}`);
  await ready(page);
  await room(page, 'legal').click();
  await page.locator('.detail').getByRole('button', { name: /一周|这周/ }).click();
  await expect(page).toHaveURL(/\/calendar\?.*whom=/);
  await ready(page);
  const gap = page.locator(`.column[aria-label*="${Number(slot.day.slice(8))}日"] button.b-free`).first();
  await gap.focus();
  await page.keyboard.press('Enter');
  await page.locator('.choice-bar .primary').click();
  await expect(page).toHaveURL(/\/book\?.*whom=/);
  await bookedForTheCaller(page, name);
});

test('after a booking from the record, “again” is for the caller', async ({ page, request }, info) => {
  const name = `再约来电${info.project.name}${Date.now() % 100_000}`;
  const slot = await freeSlot(request, info, 'legal', 60, 9);
  await callerOnThePhone(page, name);
  await page.getByRole('link', { name: '约房间' }).click();
  await page.goto(`${page.url()}&room=legal&day=${slot.day}&at=${slot.at}&for=60`);
  await bookedForTheCaller(page, name);
  await page.getByRole('button', { name: /可撤销|撤销/ }).click();
  await page.getByRole('link', { name: `为${name}再约一次` }).click();
  await bookedForTheCaller(page, name);
  // From the record a booking opens without losing the caller, and “back” leads to the record.
  await page.locator('.acting').getByRole('link', { name: /正在为/ }).click();
  await page.locator('.person-page .row').first().click();
  await expect(page.locator('.acting')).toContainText(name);
  await page.getByRole('link', { name: /资料|记录/ }).first().click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
});

test('a link to a centre that is not there opens one that is, and the last one is remembered', async ({ page }) => {
  await openMap(page, '?centre=typo');
  await expect(page.locator('.centre-picker select')).toHaveValue('xizhan');
  await page.goto('/calendar?centre=liuyi');
  await ready(page);
  await page.goto('/');
  await ready(page);
  await expect(page.locator('.centre-picker select')).toHaveValue('liuyi');
  const nowhere = await page.request.get('/no/such/page');
  expect(nowhere.status()).toBe(404);
});

test('the booking of another is booked again for that other, not for whom one acts', async ({ page, request }, info) => {
  const mine = await freeSlot(request, info, 'legal', 60, 10);
  const name = `先来的${info.project.name}${Date.now() % 100_000}`;
  await callerOnThePhone(page, name);
  await page.goto(`/book${new URL(page.url()).search}&centre=xizhan&room=legal&day=${mine.day}&at=${mine.at}&for=60`);
  await bookedForTheCaller(page, name);
  const ticket = new URL(page.url()).pathname;
  const second = `后来的${info.project.name}${Date.now() % 100_000}`;
  await callerOnThePhone(page, second);
  await page.goto(`${ticket}${new URL(page.url()).search}`);
  await page.getByRole('button', { name: /撤销/ }).click();
  const again = page.getByRole('link', { name: `为${name}再约一次` });
  await again.click();
  await expect(page.locator('.acting')).toContainText(name);
});

test('signing in from an activity keeps for whom one acts', async ({ page }, info) => {
  const name = `报名来电${info.project.name}${Date.now() % 100_000}`;
  await callerOnThePhone(page, name);
  const acting = new URL(page.url()).search;
  await page.goto(`/activities${acting}`);
  await ready(page);
  await page.locator('.row.activity').first().click();
  await page.waitForURL(/\/activities\/.*whom=/);
  const before = new URL(page.url()).search;
  await page.request.delete('/api/v1/me/session', { headers: { 'idempotency-key': `out-${Date.now()}-0123456789` } });
  await page.reload();
  await page.getByRole('link', { name: '登录后报名' }).click();
  await page.locator('[data-role=staff]').click();
  await expect(page).toHaveURL(new RegExp(`/activities/.*${before.match(/whom=[^&]+/)![0]}`));
});
