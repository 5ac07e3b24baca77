import { expect, type Page } from '@playwright/test';
import { another, deskTab, ready, signIn, test } from '../pages/linli';

/** A house that never closes, so that there is a booking to come in a quarter of an hour whatever the clock says. */
async function nightHouse(page: Page, id: string): Promise<void> {
  const file = await (await page.request.get('/api/v1/centres/xizhan/file')).text();
  const night = file
    .replace(/^# .*\n/gm, '')
    .replace('id = "xizhan"', `id = "${id}"`)
    .replace(/^week = .*$/gm, 'week = "Mon-Sun 00:00-24:00"')
    .replace(/^step = .*$/m, 'step = 15');
  const made = await page.request.post('/api/v1/centres', {
    headers: { 'idempotency-key': `night-house-of-${id}-0000` },
    data: { file: night },
  });
  expect(made.status(), await made.text()).toBe(200);
}

/** The next quarter of an hour on a wall in China. */
function soon(): { day: string; at: string } {
  const quarter = 15 * 60_000;
  const wall = new Date(Math.floor(Date.now() / quarter + 1) * quarter + 8 * 3_600_000).toISOString();
  return { day: wall.slice(0, 10), at: wall.slice(11, 16) };
}

test('who has booked checks in at the door, and the desk sees it', async ({ page, browser }, info) => {
  const id = `night-${info.project.name}`;
  await signIn(page, 'manager');
  await nightHouse(page, id);
  const neighbour = await another(browser, info, 'resident');
  const { day, at } = soon();
  await neighbour.goto(`/book?centre=${id}&room=legal&day=${day}&at=${at}&for=60&people=2`);
  await neighbour.getByRole('button', { name: '确认预约' }).click();
  await expect(neighbour.locator('.presence')).toContainText('前签到');

  // The desk expects them.
  await page.goto(`/desk?centre=${id}&day=${day}`);
  await deskTab(page, '今天');
  const row = page.locator('.expected-row', { hasText: '法律咨询室' });
  await expect(row.getByRole('button')).toHaveText('到了');

  // The code at the door leads to the room, and from there to one's booking.
  await neighbour.goto(`/?centre=${id}&room=legal`);
  await neighbour.getByRole('link', { name: /去签到/ }).click();
  await neighbour.getByRole('button', { name: '我们到了' }).click();
  await expect(neighbour.locator('.ticket-state')).toHaveText('已签到');
  await expect(neighbour.locator('.presence')).toContainText('已签到');
  await expect(row.getByRole('button')).toHaveText('已签到');

  // A slip: taken back, and then the desk does it.
  await neighbour.getByRole('button', { name: '撤回签到' }).click();
  await expect(neighbour.getByRole('button', { name: '我们到了' })).toBeVisible();
  await expect(row.getByRole('button')).toHaveText('到了');
  await row.getByRole('button').click();
  await expect(row.getByRole('button')).toHaveText('已签到');
  await expect(row.getByRole('button')).toBeFocused();
  await expect(neighbour.locator('.ticket-state')).toHaveText('已签到');
});

test('who did not come says why, and the staff let it not count @phone', async ({ page, browser }, info) => {
  await signIn(page, 'resident');
  const mine = (await (await page.request.get('/api/v1/me/bookings')).json()) as { id: string; centre: string; state: string }[];
  const missed = mine.find((one) => one.state === 'released')!;
  await page.goto(`/bookings/${missed.centre}/${missed.id}`);
  await expect(page.locator('.ticket-state')).toHaveText('没有人来');
  await page.getByLabel('当时为什么没来').fill('临时去了医院');
  await page.getByRole('button', { name: '发送' }).click();
  await expect(page.locator('.presence')).toContainText('临时去了医院');

  const desk = await another(browser, info, 'staff');
  await desk.goto(`/desk?centre=${missed.centre}`);
  await deskTab(desk, '待办');
  const card = desk.locator('article', { hasText: '临时去了医院' });
  await card.getByRole('button', { name: '不计没来' }).click();
  await expect(card.getByRole('button', { name: '不计没来' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('.presence').last()).toContainText('这次不计没来');
});
