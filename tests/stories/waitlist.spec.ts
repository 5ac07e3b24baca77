import { expect } from '@playwright/test';
import { another, freeSlot, freshPhone, ready, signInByPhone, test } from '../pages/linli';

const button = '.form-end button.primary';

function form(slot: { day: string; at: string }, room = 'legal'): string {
  return `/book?room=${room}&day=${slot.day}&at=${slot.at}&for=60`;
}

test('the form holds its slot: others read that it is being booked, and it is let go with the page', async ({ page, browser, request }, info) => {
  const slot = await freeSlot(request, info, 'legal', 60, 4);
  await signInByPhone(page, freshPhone(info));
  await page.goto(form(slot));
  await expect(page.locator('.kept')).toContainText('为您留到');
  await expect(page.locator(button)).toHaveText('确认预约');
  const other = await another(browser, info);
  await signInByPhone(other, freshPhone(info));
  await other.goto(form(slot));
  await expect(other.locator('.says .refusal')).toContainText('有人正在约这个时间');
  // What is chosen instead is held instead.
  await page.getByRole('button', { name: '长一点' }).click();
  await expect(page.locator('.kept')).toContainText('为您留到');
  await page.locator('.quiet-button').first().click();
  await ready(page);
  await expect(other.locator('.says .verdict')).toBeVisible();
  await expect(other.locator('.kept')).toContainText('为您留到');
  await other.locator(button).click();
  await expect(other.locator('.ticket-state')).toHaveText('已确认');
  await other.context().close();
});

test('whoever waits for a slot is offered it when it frees, and nobody overtakes them', async ({ page, browser, request }, info) => {
  const slot = await freeSlot(request, info, 'legal', 60, 9);
  await signInByPhone(page, freshPhone(info));
  await page.goto(form(slot));
  await page.locator(button).click();
  await expect(page.locator('.ticket-state')).toHaveText('已确认');

  const waits = await another(browser, info);
  await signInByPhone(waits, freshPhone(info));
  await waits.goto(form(slot));
  const wait = waits.locator('.wait button');
  await expect(wait).toHaveText('排队等这个时间');
  await wait.click();
  await expect(waits.locator('.wait')).toContainText('您是第一位');
  // The button is still there, and has the focus: it takes it back.
  await expect(wait).toHaveText('不等了');
  await expect(wait).toBeFocused();
  await waits.goto('/me');
  const row = waits.locator('[aria-labelledby=my-waits] .card');
  await expect(row).toContainText('您是第一位');

  // Called off, the slot goes to whoever waits, and to nobody else.
  await page.getByRole('button', { name: /撤销/ }).click();
  await expect(page.locator('.ticket-state')).toHaveText('已撤销');
  await expect(row).toContainText('轮到您了');
  await page.goto(form(slot));
  await expect(page.locator('.says .refusal')).toContainText('有人正在约这个时间');
  await row.getByRole('link', { name: '去预约' }).click();
  await expect(waits.locator('.kept')).toContainText('轮到您了');
  await waits.locator(button).click();
  await expect(waits.locator('.ticket-state')).toHaveText('已确认');
  await waits.goto('/me');
  await ready(waits);
  await expect(row).toHaveCount(0);
  await waits.context().close();
});
