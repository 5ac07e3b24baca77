import { expect, type APIRequestContext } from '@playwright/test';
import { another, askCode, deskTab, freeSlot, freshPhone, ready, signIn, signInByPhone, test } from '../pages/linli';

const DAY = 86_400_000;

/** The day so many days after another. */
function after(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

async function book(request: APIRequestContext, room: string, day: string, at: string, what: string) {
  const until = `${Number(at.slice(0, 2)) + 1}:00`;
  const answer = await request.post('/api/v1/centres/xizhan/bookings', {
    data: { room, start: `${day}T${at}`, end: `${day}T${until}`, people: 2, note: '' },
    headers: { 'idempotency-key': `${what}-${Date.now()}-${Math.random()}`.slice(0, 60) },
  });
  expect(answer.status(), await answer.text()).toBe(200);
}

test('a series is settled date by date, booked as a whole, and taken back as a whole', async ({ page, browser, request }, info) => {
  const room = 'half-past-six';
  const slot = await freeSlot(request, info, room, 60, 2, 2);
  const second = after(slot.day, 7);
  const other = await another(browser, info);
  await signInByPhone(other, freshPhone(info));
  await book(other.request, room, second, slot.at, 'in-the-way');
  await other.context().close();

  await signInByPhone(page, freshPhone(info));
  await page.goto(`/book?centre=xizhan&room=${room}&day=${slot.day}&at=${slot.at}&for=60`);
  await ready(page);
  await page.getByLabel('重复').selectOption('weeks');
  await page.getByLabel('次数').fill('2');
  await page.getByLabel('次数').blur();
  const rows = page.locator('.series-date');
  await expect(rows).toHaveCount(2);
  await expect(page.locator('.series .warn').first()).toContainText('2 次里有 1 次约不了');
  const bad = page.locator('.series-date.bad');
  await expect(bad).toContainText('已经有人约了');
  const submit = page.locator('.form-end button.primary');
  await expect(submit).toBeDisabled();
  // Another room on that day alone.
  const instead = bad.locator('.date-offers button').first();
  const name = (await instead.textContent())!;
  await instead.click();
  await expect(page.locator('.series .verdict')).toContainText('2 次都可以约');
  await expect(rows.nth(1).locator('strong')).toBeVisible();
  // What was settled outlives a reload.
  await page.reload();
  await ready(page);
  await expect(rows.nth(1).locator('strong')).toBeVisible();
  // The other room may have to be asked for.
  await expect(submit).toHaveText(/^(预约|申请)这 2 次$/);
  await submit.click();
  await expect(page.locator('.ticket-state')).toHaveText('已确认');
  const series = page.locator('section.series');
  await expect(series).toContainText(/每周.，第 1 次，共 2 次/);
  await series.getByText('全部 2 次').click();
  await expect(series.locator('.series-date')).toHaveCount(2);
  expect(name.length).toBeGreaterThan(2);
  await page.getByRole('button', { name: '撤销整个系列' }).click();
  await expect(page.locator('.ticket-state')).toHaveText('已撤销');
  await expect(series.locator('.series-date.skipped')).toHaveCount(2);
});

test('dates are skipped and moved by hand', async ({ page, request }, info) => {
  const room = 'half-past-six';
  const slot = await freeSlot(request, info, room, 60, 4, 2);
  await signInByPhone(page, freshPhone(info));
  await page.goto(`/book?centre=xizhan&room=${room}&day=${slot.day}&at=${slot.at}&for=60`);
  await ready(page);
  await page.getByLabel('重复').selectOption('weeks');
  await page.getByLabel('次数').fill('2');
  await page.getByLabel('次数').blur();
  const rows = page.locator('.series-date');
  await expect(page.locator('.series .verdict')).toContainText('2 次都可以约');
  // Skipped and kept again: the button stays under the finger.
  await rows.nth(1).getByRole('button', { name: /^跳过/ }).click();
  await expect(rows.nth(1)).toContainText('跳过了');
  await expect(page.locator('.series .verdict')).toContainText('1 次都可以约');
  await rows.nth(1).getByRole('button', { name: /^不跳过/ }).click();
  await expect(page.locator('.series .verdict')).toContainText('2 次都可以约');
  // Where the change of one date lands on the other, it says so.
  await rows.nth(1).getByRole('button', { name: /^改/ }).click();
  const editor = rows.nth(1).locator('.date-editor');
  await editor.getByLabel('日期').fill(slot.day);
  await editor.getByLabel('日期').blur();
  await expect(rows.nth(1)).toContainText('重了');
  await editor.getByRole('button', { name: '改回原样' }).click();
  await expect(page.locator('.series .verdict')).toContainText('2 次都可以约');
  await page.locator('.form-end button.primary').click();
  await expect(page.locator('.ticket-state')).toHaveText('已确认');
});

test('of a series that the desk booked this date and those after it are called off, and stand again together', async ({ page, browser, request }, info) => {
  const slot = await freeSlot(request, info, 'half-past-six', 60, 6, 2);
  const phone = freshPhone(info);
  await signInByPhone(page, phone);
  const named = await page.request.put('/api/v1/me', { data: { name: '系列人', lang: 'zh' }, headers: { 'idempotency-key': `name-${phone}-${Date.now()}` } });
  const me = (await named.json()) as { actor: { person: string } };
  const staff = await another(browser, info, 'staff');
  // The house knows whom it met.
  await staff.request.post('/api/v1/centres/xizhan/people', {
    data: { name: '系列人', phone }, headers: { 'idempotency-key': `met-${phone}-${Date.now()}` },
  });
  const until = `${Number(slot.at.slice(0, 2)) + 1}:00`;
  const answer = await staff.request.post('/api/v1/centres/xizhan/series', {
    data: {
      rule: 'FREQ=DAILY;INTERVAL=7;COUNT=2', room: 'half-past-six', start: `${slot.day}T${slot.at}`, end: `${slot.day}T${until}`, people: 3, note: '',
      behalf: { person: me.actor.person, channel: 'phone' },
    },
    headers: { 'idempotency-key': `behalf-${phone}-${Date.now()}` },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  const { made } = (await answer.json()) as { made: { id: string; first: string } };
  await staff.context().close();
  await page.goto(`/bookings/xizhan/${made.first}`);
  await ready(page);
  await page.getByRole('button', { name: '取消预约' }).click();
  await page.getByLabel('取消哪几次').selectOption('following');
  await page.locator('button.danger').click();
  await expect(page.locator('.ticket-state')).toHaveText('已取消');
  const series = page.locator('section.series');
  await series.getByText('全部 2 次').click();
  await expect(series.locator('.series-date.skipped')).toHaveCount(2);
  await page.getByRole('button', { name: /^不取消了/ }).first().click();
  await expect(series.locator('.series-date.skipped')).toHaveCount(0);
});

test('what a visitor chose is there once they have signed in, and another link begins anew', async ({ page, request }, info) => {
  const room = 'half-past-six';
  const slot = await freeSlot(request, info, room, 60, 7, 2);
  const address = `/book?centre=xizhan&room=${room}&day=${slot.day}&at=${slot.at}&for=60`;
  await page.goto(address);
  await ready(page);
  await page.getByLabel('重复').selectOption('weeks');
  // While one types, and not only when the field is left.
  await page.getByLabel('次数').fill('2');
  await expect(page.locator('.series-date')).toHaveCount(2);
  await page.locator('.form-end button.primary').click();
  const code = await askCode(page, freshPhone(info));
  await page.getByLabel('验证码').fill(code);
  await page.waitForURL(/\/book\?/);
  await expect(page.locator('.form-end button.primary')).toHaveText('预约这 2 次');
  // Another slot has nothing of it.
  await page.goto(address.replace(slot.day, after(slot.day, 1)));
  await ready(page);
  await expect(page.getByLabel('重复')).toHaveValue('once');
  await page.goto(address);
  await ready(page);
});

test('requests of one series are one card, decided together, and taken back together', async ({ page, browser, request }, info) => {
  const slot = await freeSlot(request, info, 'mediation', 60, 3, 2);
  const phone = freshPhone(info);
  const asker = await another(browser, info);
  await signInByPhone(asker, phone);
  const until = `${Number(slot.at.slice(0, 2)) + 1}:00`;
  const answer = await asker.request.post('/api/v1/centres/xizhan/series', {
    data: {
      rule: 'FREQ=DAILY;INTERVAL=7;COUNT=2', room: 'mediation', start: `${slot.day}T${slot.at}`, end: `${slot.day}T${until}`, people: 3, note: '',
    },
    headers: { 'idempotency-key': `series-${info.project.name}-${Date.now()}` },
  });
  const plan = (await answer.json()) as { made: { id: string; first: string } };
  expect(plan.made, JSON.stringify(plan)).toBeTruthy();
  await signIn(page, 'staff');
  await page.goto('/desk?centre=xizhan');
  await deskTab(page, '待办');
  const row = page.locator('.request .applicant', { hasText: phone }).first();
  await expect(row).toContainText('一共申请 2 次');
  const states = async () => {
    const read = await asker.request.get(`/api/v1/centres/xizhan/series/${plan.made.id}`);
    return ((await read.json()) as { bookings: { state: string }[] }).bookings.map((one) => one.state);
  };
  await row.getByRole('button', { name: /2 次都批准/ }).click();
  await expect.poll(states).toEqual(['confirmed', 'confirmed']);
  await row.getByRole('button', { name: /撤销/ }).first().click();
  await expect.poll(states).toEqual(['requested', 'requested']);
  await row.getByText('逐次决定').click();
  await row.locator('.applicant').first().getByRole('button', { name: /^批准/ }).click();
  await expect.poll(states).toEqual(['confirmed', 'requested']);
});

test('a holiday class on chosen weekdays is published in one act', async ({ page, request }, info) => {
  const slot = await freeSlot(request, info, 'seniors', 60, 5);
  await signIn(page, 'organiser');
  await page.goto('/publish?centre=xizhan');
  await ready(page);
  const title = `寒假班 ${info.project.name} ${Date.now() % 100_000}`;
  await page.getByLabel('活动名称').fill(title);
  await page.getByLabel('功能室').selectOption('seniors');
  await page.getByLabel('第一场').fill(slot.day);
  await page.getByLabel('开始', { exact: true }).fill('12:00');
  await page.getByLabel('结束', { exact: true }).fill('12:30');
  await page.getByLabel('重复').selectOption('weeks');
  for (const day of ['周一', '周二', '周三', '周四', '周五']) {
    const chip = page.getByRole('button', { name: day, exact: true });
    if ((await chip.getAttribute('aria-pressed')) !== 'true') await chip.click();
  }
  for (const day of ['周六', '周日']) {
    const chip = page.getByRole('button', { name: day, exact: true });
    if ((await chip.getAttribute('aria-pressed')) === 'true') await chip.click();
  }
  await page.getByLabel('次数').fill('5');
  await page.getByLabel('次数').blur();
  await expect(page.locator('.series-date')).toHaveCount(5);
  await expect(page.locator('.series-date', { hasText: /周六|周日/ })).toHaveCount(0);
  const skip = page.getByRole('button', { name: /都跳过$/ });
  await expect(page.locator('.series :is(.verdict, .warn)').first()).toBeVisible();
  if (await skip.isVisible()) await skip.click();
  await expect(page.locator('.series .verdict')).toContainText('都可以约');
  await page.getByRole('button', { name: '发布' }).click();
  await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
});
