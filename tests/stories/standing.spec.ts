import { expect } from '@playwright/test';
import { another, dayAhead, freeSlot, openMap, room, signInByPhone, test } from '../pages/linli';

test('the plan stays as it was zoomed while others book, also on another week', async ({ page, request, browser }, info) => {
  const { day, at } = await freeSlot(request, info, 'mediation', 60, 3);
  await openMap(page, `?day=${day}&at=${at}&for=60`);
  await expect(room(page, 'mediation')).toHaveClass(/s-free/);
  await page.getByRole('button', { name: '放大' }).click();
  const plan = await page.locator('.plan').elementHandle();
  const pose = await page.locator('.sheet-of-paper').getAttribute('style');
  const other = await another(browser, info, 'staff');
  await other.goto(`/book?day=${day}&at=${at}&for=60&room=mediation`);
  await other.getByRole('button', { name: '确认预约' }).click();
  await expect(room(page, 'mediation')).toHaveClass(/s-busy/);
  expect(await plan!.evaluate((node) => node.isConnected)).toBe(true);
  expect(await page.locator('.sheet-of-paper').getAttribute('style')).toBe(pose);
  for (let days = 0; days < 7; days += 1) await page.getByRole('button', { name: '后一天' }).click();
  await expect(room(page, 'mediation')).toHaveClass(/s-/);
  expect(await plan!.evaluate((node) => node.isConnected)).toBe(true);
  await other.getByRole('button', { name: /撤销/ }).click();
  await expect(other.locator('.ticket-state')).toHaveText('已撤销');
});

test('the booking form stays while others book, and says so', async ({ page, request, browser }, info) => {
  const { day, at } = await freeSlot(request, info, 'mediation', 60, 4);
  await page.goto(`/book?day=${day}&at=${at}&for=60&room=mediation`);
  await expect(page.locator('.verdict')).toBeVisible();
  const note = page.getByRole('textbox', { name: '备注' });
  await note.fill('带投影线');
  const node = await note.elementHandle();
  const other = await another(browser, info, 'staff');
  await other.goto(`/book?day=${day}&at=${at}&for=60&room=mediation`);
  await other.getByRole('button', { name: '确认预约' }).click();
  await expect(page.locator('.form-end .refusal')).toContainText('已经有人约了');
  await expect(page.locator('select[name=room] option:checked')).toContainText('不空');
  expect(await node!.evaluate((field) => field.isConnected && (field as HTMLTextAreaElement).value)).toBe('带投影线');
  await expect(note).toBeFocused();
  await other.getByRole('button', { name: /撤销/ }).click();
  await expect(page.locator('.verdict')).toBeVisible();
});

test('the sign-up form stays while others sign up, and takes several dates at once', async ({ page, browser, request }, info) => {
  test.setTimeout(90_000);
  const days = [dayAhead(1), dayAhead(20)];
  const answer = await request.get('/api/v1/centres/xizhan/activities');
  const all = (await answer.json()) as { id: string; per: string; audience: object; sessions: { id: string; state: string; places: number; taken: number; start: string }[] }[];
  const open = (one: (typeof all)[number]) => one.sessions.filter((session) => session.state === 'confirmed' && session.places - session.taken > 4
    && session.start.slice(0, 10) >= days[0] && session.start.slice(0, 10) <= days[1]);
  const activity = all.find((one) => one.per === 'session' && Object.values(one.audience).every((age) => age === null) && open(one).length > 2)!;
  const path = `/activities/xizhan/${activity.id}`;
  const number = (n: number) => `1380000${info.project.name === 'phone' ? 94 : 95}0${n}`;
  await signInByPhone(page, number(1));
  await page.goto(path);
  const dates = page.locator('.dates input');
  await dates.nth(1).check();
  await dates.nth(2).check();
  const node = await dates.nth(2).elementHandle();
  await dates.nth(2).focus();

  const other = await another(browser, info);
  await signInByPhone(other, number(2));
  await other.goto(path);
  const before = await page.locator('.dates').textContent();
  await other.getByRole('button', { name: /^确认报名/ }).click();
  await expect(other.locator('.sign-up .tag').first()).toHaveText('已报名');
  await expect(page.locator('.dates')).not.toHaveText(before!);
  expect(await node!.evaluate((box) => box.isConnected && (box as HTMLInputElement).checked && document.activeElement === box)).toBe(true);

  await page.getByRole('button', { name: /^确认报名 · 3 场/ }).click();
  await expect(page.locator('.sign-up')).toHaveCount(3);
  await expect(page.getByRole('heading', { name: '我的报名' })).toBeFocused();
  await expect(page.getByRole('heading', { name: '我的报名' })).toBeInViewport();
  const row = await page.locator('.sign-up').nth(2).elementHandle();
  for (let left = 2; left >= 1; left -= 1) {
    await page.locator('.sign-up').first().getByRole('button', { name: /撤销/ }).click();
    await expect(page.locator('.sign-up')).toHaveCount(left);
  }
  expect(await row!.evaluate((card) => card.isConnected)).toBe(true);
  await page.locator('.sign-up').first().getByRole('button', { name: /撤销/ }).click();
  await other.locator('.sign-up').first().getByRole('button', { name: /撤销/ }).click();
  await expect(other.locator('.sign-up')).toHaveCount(0);
});
