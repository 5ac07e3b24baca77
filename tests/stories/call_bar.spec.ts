import { expect, type Page } from '@playwright/test';
import { deskTab, freeSlot, ready, signIn, test } from '../pages/linli';

/** The day as people say it: 11月28号. */
function said(day: string): string {
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8, 10))}号`;
}

async function blockOf(page: Page, id: string) {
  const block = page.locator(`.today a[data-booking="${id}"]`);
  await expect(block).toBeVisible();
  return block;
}

async function book(page: Page, room: string, start: string, end: string): Promise<string> {
  const made = await page.request.post('/api/v1/centres/xizhan/bookings', {
    data: { room, start, end, people: 2, purpose: null, note: '' },
    headers: { 'idempotency-key': `timeline-${room}-${start}-${Date.now()}` },
  });
  expect(made.status(), await made.text()).toBe(200);
  return ((await made.json()) as { id: string }).id;
}

test('a caller has a room in five steps from the call bar', async ({ page, request }, info) => {
  const { day, at } = await freeSlot(request, info, 'legal', 60, 5);
  await signIn(page, 'staff');
  await page.goto('/desk?centre=xizhan');
  await deskTab(page, '人');
  const end = `${Number(at.slice(0, 2)) + 1}:00`;
  // The slash, the number, Enter, the question, Enter.
  await page.keyboard.press('/');
  await expect(page.getByPlaceholder(/手机号/)).toBeFocused();
  await page.keyboard.type('13800000001');
  await page.keyboard.press('Enter');
  await expect(page.getByPlaceholder(/^例如/)).toBeFocused();
  await expect(page.locator('.acting')).toContainText('办理（来电）');
  await page.keyboard.type(`${said(day)} ${at} 一小时 2人 法律咨询室`);
  await expect(page.locator('.meant')).toContainText(`${at}–${end} · 2 人`);
  await expect(page.locator('.answer.fits')).toHaveCount(1);
  await page.keyboard.press('Enter');
  const done = page.locator('.call-done');
  await expect(done).toContainText('已确认');
  await expect(done.locator('.quote')).toContainText('法律咨询室');
  await expect(done.getByRole('link')).toBeFocused();
  // Taken now: the next question says so, and offers another time.
  await page.getByPlaceholder(/^例如/).fill(`${said(day)} ${at} 一小时 2人 法律咨询室`);
  await expect(page.locator('.answer')).toContainText('已经有人约了');
  await page.getByPlaceholder(/^例如/).fill('');
  await done.getByRole('button', { name: /^撤销/ }).click();
  await expect(done).toHaveCount(0);
  await page.getByPlaceholder(/^例如/).fill('阿嚏');
  await expect(page.locator('.meant')).toContainText('没听懂：阿嚏');
});

test('nobody is booked for by mistake', async ({ page }) => {
  await signIn(page, 'staff');
  await page.goto('/desk?centre=xizhan');
  await deskTab(page, '人');
  await page.getByPlaceholder(/^例如/).fill('后天晚上七点 2人');
  await expect(page.locator('.answer.fits').first()).toBeVisible();
  await page.getByPlaceholder(/^例如/).press('Enter');
  await expect(page.locator('.ask-room .refusal').first()).toContainText('先在这里找到来电的人');
  await expect(page.getByPlaceholder(/手机号/)).toBeFocused();
  await expect(page.locator('.call-done')).toHaveCount(0);
});

test('a block of the timeline is opened, dragged and moved by keys; a gap is booked @desktop', async ({ page, request }, info) => {
  const { day, at } = await freeSlot(request, info, 'legal', 120, 6);
  const hour = Number(at.slice(0, 2));
  await signIn(page, 'staff');
  const id = await book(page, 'legal', `${day}T${at}`, `${day}T${hour + 1}:00`);
  await page.goto(`/desk?centre=xizhan&day=${day}`);
  await ready(page);
  const block = await blockOf(page, id);
  await block.scrollIntoViewIfNeeded();
  // By the mouse, an hour further down: the form says what it would do, and nothing is done yet.
  const box = (await block.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 10 + box.height / 2, { steps: 4 });
  await page.mouse.move(box.x + box.width / 2, box.y + 10 + box.height, { steps: 4 });
  await expect(page.locator('.today .chosen-range')).toHaveText(`${hour + 1}:00–${hour + 2}:00`);
  await page.mouse.up();
  await page.waitForURL(/\/bookings\/xizhan\//);
  const form = page.locator('form.change');
  await expect(form.getByLabel('开始')).toHaveValue(`${hour + 1}:00`);
  await form.getByRole('button', { name: '改好，并通知' }).click();
  await expect(page.locator('.ticket-time')).toContainText(`${hour + 1}:00–${hour + 2}:00`);
  await expect(page).not.toHaveURL(/room=/);

  // By keys back again.
  await page.goto(`/desk?centre=xizhan&day=${day}`);
  await ready(page);
  const moved = await blockOf(page, id);
  await moved.focus();
  await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('Shift+ArrowUp');
  await expect(page.locator('.today .chosen-range')).toHaveText(`${hour}:00–${hour + 1}:00`);
  await page.keyboard.press('Escape');
  await expect(page.locator('.today .chosen-range')).toHaveCount(0);
  // Longer by keys, and by its lower edge; the form proposes it.
  await page.keyboard.press('Alt+Shift+ArrowDown');
  await expect(page.locator('.today .chosen-range')).toHaveText(`${hour + 1}:00–${hour + 2}:30`);
  await page.keyboard.press('Escape');
  const edge = (await moved.boundingBox())!;
  await page.mouse.move(edge.x + edge.width / 2, edge.y + edge.height - 3);
  await page.mouse.down();
  await page.mouse.move(edge.x + edge.width / 2, edge.y + edge.height * 1.5, { steps: 6 });
  await expect(page.locator('.today .chosen-range')).toHaveText(`${hour + 1}:00–${hour + 2}:30`);
  await page.mouse.move(edge.x + edge.width / 2, edge.y + edge.height - 3, { steps: 6 });
  await page.mouse.up();
  await expect(page).toHaveURL(/\/desk/);
  await moved.focus();
  await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page.locator('form.change').getByLabel('开始')).toHaveValue(`${hour}:30`);

  // Opened by a click.
  await page.goto(`/desk?centre=xizhan&day=${day}`);
  await ready(page);
  await (await blockOf(page, id)).click();
  await expect(page.locator('.ticket')).toBeVisible();
  await expect(page.locator('form.change')).toHaveCount(0);

  // A gap.
  await page.goto(`/desk?centre=xizhan&day=${day}`);
  await ready(page);
  await page.locator('.today .b-free').first().focus();
  await page.keyboard.press('Enter');
  await page.locator('.choice-bar').getByRole('button', { name: /约/ }).click();
  await page.waitForURL(/\/book\?/);
});

test('the desk has nothing below the fold @desktop', async ({ page }) => {
  await signIn(page, 'staff');
  for (const size of [{ width: 1280, height: 800 }, { width: 1920, height: 1080 }]) {
    await page.setViewportSize(size);
    await page.goto('/desk?centre=xizhan');
    await ready(page);
    const over = () => page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    await expect.poll(over).toBeLessThanOrEqual(0);
    for (const part of ['.today .calendar', '.of-queue', '.find-person input']) await expect(page.locator(part).first()).toBeInViewport();
    if (size.width > 1700) await expect(page.locator('.house-plan')).toBeInViewport();
  }
});
