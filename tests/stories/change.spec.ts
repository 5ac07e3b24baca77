import { expect } from '@playwright/test';
import { another, deskTab, freeSlot, freshPhone, ready, signIn, signInByPhone, test } from '../pages/linli';

test('staff change a booking: what cannot go is shown, its person is told, and it is undone', async ({ page, browser }, info) => {
  const slot = await freeSlot(page.request, info, 'lecture-west', 120, 6);
  const resident = await another(browser, info);
  // Not the demo's resident: everybody may have only so many bookings to come.
  await signInByPhone(resident, freshPhone(info));
  await resident.goto(`/book?centre=xizhan&room=lecture-west&day=${slot.day}&at=${slot.at}&people=6`);
  await resident.getByRole('button', { name: /^预约|^确认预约/ }).last().click();
  await resident.waitForURL(/\/bookings\//);
  const booking = new URL(resident.url()).pathname;

  await signIn(page, 'staff');
  await page.clock.install();
  await page.goto(booking);
  await ready(page);
  await page.getByRole('button', { name: '改时间、房间、人数' }).click();
  const form = page.locator('form.change');
  // The house is closed then: it is said at once, and nothing is done.
  await form.getByLabel('开始').fill('05:00');
  await form.getByLabel('开始').blur();
  await expect(form).toContainText('不在开放时间内');
  await expect(form.getByRole('combobox', { name: /怎么办/ })).toBeVisible();
  await form.getByLabel('开始').fill(slot.at);
  await form.getByLabel('人数').fill('8');
  await form.getByLabel('人数').blur();
  await expect(form.locator('.verdict')).toContainText('1 个照改');
  // The clock of the page ticks, and what is typed stays.
  await page.clock.runFor(25_000);
  await expect(form.getByLabel('人数')).toHaveValue('8');
  // Too many: it stays as it is, unless somebody chooses otherwise.
  await form.getByLabel('人数').fill('800');
  await form.getByLabel('人数').blur();
  await expect(form).toContainText('最多');
  await expect(form.getByRole('combobox', { name: /怎么办/ })).toHaveValue('keep');
  await form.getByLabel('人数').fill('8');
  await form.getByLabel('人数').blur();
  await expect(form.locator('.verdict')).toContainText('1 个照改');
  // It keeps its floor all the time: other stories book what is free.
  await form.getByRole('button', { name: '长一点' }).click();
  await expect(form.locator('.verdict')).toContainText('1 个照改');
  await page.getByRole('button', { name: '改好，并通知' }).click();
  await expect(page.getByRole('button', { name: /撤销/ })).toBeVisible();
  await expect(page.locator('.ticket')).toContainText('8 人');

  await resident.goto('/messages');
  await expect(resident.locator('#main')).toContainText('调整到了');
  await resident.goto(booking);
  await expect(resident.locator('.ticket')).toContainText('8 人');
  await expect(resident.getByRole('button', { name: '改时间、房间、人数' })).toHaveCount(0);

  await page.getByRole('button', { name: /撤销/ }).click();
  await expect(page.locator('.ticket')).toContainText('6 人');
  await resident.reload();
  await expect(resident.locator('.ticket')).toContainText('6 人');
  await resident.context().close();
});

test('sessions are moved together', async ({ page, browser }, info) => {
  const slot = await freeSlot(page.request, info, 'half-past-six', 120, 4, 2);
  const later = `${Number(slot.at.slice(0, 2)) + 1}:00`;
  const title = `挪一挪 ${info.project.name}`;
  const organiser = await another(browser, info, 'organiser');
  await organiser.goto('/publish?centre=xizhan');
  await organiser.getByLabel('活动名称').fill(title);
  await organiser.getByLabel('功能室').selectOption('half-past-six');
  await organiser.getByLabel('第一场').fill(slot.day);
  await organiser.getByLabel('开始', { exact: true }).fill(slot.at);
  await organiser.getByLabel('结束', { exact: true }).fill(later);
  await organiser.getByLabel('重复').selectOption('weeks');
  await organiser.getByLabel('次数').fill('2');
  await organiser.getByLabel('次数').blur();
  await expect(organiser.locator('.series .verdict')).toContainText('2 次都可以约');
  await organiser.getByRole('button', { name: '发布' }).click();
  await organiser.waitForURL(/\/activities\/.+/);
  const activity = new URL(organiser.url()).pathname;
  await organiser.context().close();

  await signIn(page, 'staff');
  await page.goto(`/desk?centre=xizhan&day=${slot.day}`);
  await deskTab(page, '今天');
  await page.locator('.expected a.row', { hasText: title }).click();
  await page.getByRole('button', { name: '改时间、房间、人数' }).click();
  const form = page.locator('form.change');
  await form.getByLabel('改哪几场').selectOption('following');
  await form.getByLabel('开始', { exact: true }).fill(later);
  await form.getByLabel('开始', { exact: true }).blur();
  await expect(form).toContainText('2 个照改');
  await page.getByRole('button', { name: '改好，并通知' }).click();
  await expect(page.getByRole('button', { name: /撤销/ })).toBeVisible();
  await page.goto(activity);
  await ready(page);
  await expect(page.getByRole('checkbox', { name: new RegExp(`${later}–`) })).toHaveCount(2);
});

test('where places become fewer it is said who loses theirs, and undone with it', async ({ page, browser }, info) => {
  const slot = await freeSlot(page.request, info, 'half-past-six', 60, 8);
  await signIn(page, 'staff');
  const organiser = await another(browser, info, 'organiser');
  const key = () => ({ 'idempotency-key': `fewer-${info.project.name}-${Date.now()}-${Math.random()}`.slice(0, 60) });
  const published = await organiser.request.post('/api/v1/centres/xizhan/activities', {
    data: {
      title: `少几位 ${info.project.name}`, about: '', kind: 'class', room: 'half-past-six', start: `${slot.day}T${slot.at}`,
      end: `${slot.day}T${Number(slot.at.slice(0, 2)) + 1}:00`, places: 2, pick_up: false,
    },
    headers: key(),
  });
  expect(published.status(), await published.text()).toBe(200);
  const activity = (await published.json()) as { id: string; sessions: { id: string; booking: string }[] };
  const [session] = activity.sessions;
  const people = [];
  for (const called of ['先报的', '后报的']) {
    const person = await another(browser, info);
    await signInByPhone(person, freshPhone(info));
    const me = (await (await person.request.put('/api/v1/me', { data: { name: called, lang: 'zh' }, headers: key() })).json()) as { profile: { id: string } };
    const signed = await person.request.post(`/api/v1/centres/xizhan/activities/${activity.id}/sign-ups`, {
      data: { session: session.id, people: [me.profile.id], wait: false }, headers: key(),
    });
    expect(signed.status(), await signed.text()).toBe(200);
    people.push(person);
  }
  await page.goto(`/bookings/xizhan/${session.booking}`);
  await ready(page);
  await page.getByRole('button', { name: '改时间、房间、人数' }).click();
  const form = page.locator('form.change');
  await form.getByLabel('名额').fill('1');
  await form.getByLabel('名额').blur();
  await expect(form).toContainText('这 1 位会改为候补');
  await expect(form.locator('li', { hasText: '后报的' })).toBeVisible();
  await expect(form.locator('li', { hasText: '先报的' })).toHaveCount(0);
  await page.getByRole('button', { name: /1 位改为候补/ }).click();
  await expect(page.getByRole('button', { name: /撤销/ })).toBeVisible();
  const last = people[1];
  await last.goto('/messages');
  await expect(last.locator('#main')).toContainText('改为候补');
  await page.getByRole('button', { name: /撤销/ }).click();
  await expect(page.getByRole('button', { name: /撤销/ })).toHaveCount(0);
  await last.goto('/messages');
  await expect(last.locator('#main')).toContainText('名额又有了');
  for (const person of [...people, organiser]) await person.context().close();
});
