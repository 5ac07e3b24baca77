import { expect } from '@playwright/test';
import { freeSlot, freshPhone, ready, signInByPhone, test } from '../pages/linli';

test('a month says how full each day is, and a day of it opens its rooms', async ({ page }) => {
  await page.goto('/calendar?centre=xizhan');
  await ready(page);
  await page.getByRole('button', { name: '月', exact: true }).click();
  await expect(page).toHaveURL(/month/);
  const cells = page.locator('.month .day-cell');
  await expect(cells.first()).toBeVisible();
  expect(await cells.count() % 7).toBe(0);
  const today = page.locator('.month .day-cell[aria-current=date]');
  await expect(today).toContainText(/很空|有空|较满|快满了|不开放/);
  // Another month, and back to the same address.
  const before = await page.locator('.day-label').textContent();
  await page.getByRole('button', { name: '后一月' }).click();
  await expect(page.locator('.day-label')).not.toHaveText(before!);
  await page.getByRole('button', { name: '前一月' }).click();
  await expect(page.locator('.day-label')).toHaveText(before!);
  // Of one room, by keys.
  await page.locator('.room-picker select').last().selectOption({ label: '法律咨询室' });
  await expect(page).toHaveURL(/room=legal/);
  await today.focus();
  await page.keyboard.press('Enter');
  await expect(page).not.toHaveURL(/month/);
  await expect(page.locator('.calendar .block:visible').first()).toBeVisible();
});

test('an agenda lists two weeks of the rooms, and what one has oneself', async ({ page, request }, info) => {
  const slot = await freeSlot(request, info, 'legal', 60, 3);
  await signInByPhone(page, freshPhone(info));
  await page.goto(`/book?room=legal&day=${slot.day}&at=${slot.at}&for=60`);
  await page.locator('.form-end button.primary').click();
  await expect(page.locator('.ticket-state')).toHaveText('已确认');
  await page.goto(`/calendar?centre=xizhan&agenda&day=${slot.day}`);
  await ready(page);
  await expect(page.locator('.agenda section').first()).toBeVisible();
  expect(await page.locator('.agenda li').count()).toBeGreaterThan(3);
  await page.locator('.room-picker select').last().selectOption({ label: '法律咨询室' });
  await expect(page.locator('.agenda li', { hasText: slot.at })).not.toHaveCount(0);
  await page.locator('.room-picker select').last().selectOption({ label: '我的预约' });
  await expect(page.locator('.agenda li')).toHaveCount(1);
  await page.locator('.agenda li a').click();
  await expect(page.locator('.ticket-time')).toContainText(slot.at);
});

test('a club has an agenda of its own', async ({ page, request }) => {
  const clubs = (await (await request.get('/api/v1/centres/xizhan/clubs')).json()) as { id: string; name: { zh: string } }[];
  const all = (await (await request.get('/api/v1/centres/xizhan/activities')).json()) as { club?: { id: string }; title: { zh: string }; sessions: { start: string; state: string }[] }[];
  const until = Date.now() + 10 * 86_400_000;
  const soon = (one: { start: string; state: string }) => one.state === 'confirmed' && Date.parse(one.start) > Date.now() && Date.parse(one.start) < until;
  const [club, theirs] = clubs
    .map((club) => [club, all.filter((one) => one.club?.id === club.id && one.sessions.some(soon))] as const)
    .find(([, theirs]) => theirs.length > 0)!;
  await page.goto('/clubs?centre=xizhan');
  await ready(page);
  await page.getByRole('link', { name: new RegExp(`日程.*${club.name.zh}|${club.name.zh}.*日程`) }).click();
  await expect(page).toHaveURL(new RegExp(`club=${club.id}`));
  await expect(page.locator('.agenda a').first()).toBeVisible();
  // What others do in the house is not in it.
  const shown = new Set(await page.locator('.agenda a').allTextContents());
  const known = new Set(all.filter((one) => one.club?.id === club.id).map((one) => one.title.zh));
  expect([...shown].filter((one) => !known.has(one))).toEqual([]);
  await expect(page.locator('.room-picker select').last()).toHaveValue(`club ${club.id}`);
});
