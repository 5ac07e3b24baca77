import { expect } from '@playwright/test';
import { another, dayAhead, freeSlot, freshPhone, ready, signIn, signInByPhone, test, deskTab } from '../pages/linli';

test('a room is closed: what it hits is shown, decided, told, and undone', async ({ page, browser }, info) => {
  const slot = await freeSlot(page.request, info, 'lecture-west', 60, 3);
  const resident = await another(browser, info);
  // Not the demo's resident: everybody may have only so many bookings to come.
  await signInByPhone(resident, freshPhone(info));
  await resident.goto(`/book?centre=xizhan&room=lecture-west&day=${slot.day}&at=${slot.at}&people=6`);
  await resident.getByRole('button', { name: /^预约|^确认预约/ }).last().click();
  await resident.waitForURL(/\/bookings\//);
  const booking = resident.url();

  await signIn(page, 'staff');
  await page.goto('/desk?centre=xizhan');
  await deskTab(page, '人');
  await page.getByRole('link', { name: '停用', exact: true }).click();
  await page.getByLabel('停用哪里').selectOption('lecture-west');
  await page.getByLabel('从', { exact: true }).fill(`${slot.day}T00:00`);
  await page.getByLabel('到', { exact: true }).fill(`${slot.day}T23:30`);
  await page.getByRole('button', { name: '水管抢修' }).click();
  await page.getByRole('button', { name: '看看影响谁' }).click();
  const hit = page.locator('.hit', { hasText: `${slot.at}–` });
  await expect(hit.first()).toBeVisible();
  // Whatever is proposed: this one is cancelled.
  await hit.first().getByRole('combobox').selectOption('cancel');
  await expect(page.locator('.verdict')).toContainText('个取消');
  await page.getByRole('button', { name: /停用，并处理/ }).click();
  await expect(page.locator('.done')).toContainText('已停用');
  const card = page.locator('.closures > li', { hasText: '水管抢修' }).filter({ hasText: slot.day.slice(8).replace(/^0/, '') });
  await expect(card.first()).toBeVisible();

  await resident.goto(booking);
  await expect(resident.locator('main')).toContainText('已取消');
  await expect(resident.locator('main')).toContainText('水管抢修');

  await card.first().getByRole('button', { name: /撤销/ }).click();
  await expect(page.locator('.done')).toContainText('已撤销停用');
  await resident.reload();
  await expect(resident.locator('main')).not.toContainText('已取消');
  await resident.context().close();
});

test('a closure without consequences is made in one go, read on the calendar, and ended', async ({ page }, info) => {
  const day = dayAhead(info.project.name === 'phone' ? 200 : 210);
  await signIn(page, 'staff');
  await page.goto('/closures?centre=xizhan&room=lecture-west');
  await ready(page);
  await expect(page.getByLabel('停用哪里')).toHaveValue('lecture-west');
  await page.getByLabel('从', { exact: true }).fill(`${day}T10:00`);
  await page.getByRole('button', { name: '三天' }).click();
  const reason = `换地板 ${info.project.name}`;
  await page.getByLabel(/原因/).fill(reason);
  await page.getByRole('button', { name: '看看影响谁' }).click();
  await expect(page.locator('.verdict')).toContainText('不影响任何预约');
  await page.getByRole('button', { name: '停用', exact: true }).click();
  const card = page.locator('.closures > li', { hasText: reason });
  await expect(card).toBeVisible();
  await card.getByRole('button', { name: '恢复使用' }).click();
  await card.getByRole('button', { name: '确定现在恢复' }).click();
  await expect(card).toHaveCount(0);
});

test('what cannot be meant is said at its field, and nothing is lost', async ({ page }) => {
  await signIn(page, 'staff');
  await page.goto('/closures?centre=xizhan&room=lecture-west');
  await ready(page);
  await page.getByLabel('从', { exact: true }).fill(`${dayAhead(3)}T10:00`);
  await page.getByLabel('到', { exact: true }).fill(`${dayAhead(2)}T10:00`);
  await page.getByLabel(/原因/).fill('换地板');
  await page.getByRole('button', { name: '看看影响谁' }).click();
  await expect(page.locator('.refusal')).toBeVisible();
  await expect(page.getByLabel('到', { exact: true })).toBeFocused();
  await expect(page.getByLabel(/原因/)).toHaveValue('换地板');
});
