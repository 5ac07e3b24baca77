import { expect } from '@playwright/test';
import { dayAhead, freshPhone, ready, signInByPhone, test } from '../pages/linli';

test('one’s own calendar subscribes to what one has, and stops', async ({ page, request }, info) => {
  await signInByPhone(page, freshPhone(info));
  await page.goto('/me');
  await ready(page);
  const feeds = page.locator('section', { has: page.getByRole('heading', { name: '日历订阅' }) });
  await feeds.getByRole('button', { name: '订阅到我的日历' }).click();
  const row = feeds.locator('li', { hasText: '我的预约和报名' });
  const link = row.getByRole('link', { name: /^加到手机日历/ });
  await expect(link).toHaveAttribute('href', /^webcal:\/\/.+\/api\/v1\/feeds\/.+\.ics$/);
  const path = new URL((await link.getAttribute('href'))!.replace('webcal:', 'http:')).pathname;
  // A calendar program comes without a session.
  const read = await request.get(path);
  expect(read.headers()['content-type']).toContain('text/calendar');
  expect(await read.text()).toContain('BEGIN:VCALENDAR');
  // Stopped only when asked twice; the link leads nowhere then.
  await row.getByRole('button', { name: /^停用/ }).click();
  await expect(row.getByText('都不再更新')).toBeVisible();
  await row.locator('button.danger').click();
  await expect(row).toHaveCount(0);
  expect((await request.get(path)).status()).toBe(404);
});

test('a room and a centre are subscribed to where they are looked at', async ({ page, request }, info) => {
  await signInByPhone(page, freshPhone(info));
  for (const address of [`/calendar?centre=xizhan&room=legal&week&day=${dayAhead(3)}`, '/activities?centre=xizhan']) {
    await page.goto(address);
    await ready(page);
    await page.getByRole('button', { name: '订阅到我的日历' }).click();
    const link = page.getByRole('link', { name: /^加到手机日历/ });
    const path = new URL((await link.getAttribute('href'))!.replace('webcal:', 'http:')).pathname;
    expect(await (await request.get(path)).text()).toContain('BEGIN:VEVENT');
  }
  await page.goto('/me');
  await ready(page);
  await expect(page.getByText('法律咨询室的安排')).toBeVisible();
  await expect(page.getByText(/西站.*的全部活动/)).toBeVisible();
});
