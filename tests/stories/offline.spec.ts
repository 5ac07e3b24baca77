import { expect, type Page } from '@playwright/test';
import { freeSlot, freshPhone, ready, room, signInByPhone, test } from '../pages/linli';

test.use({ serviceWorkers: 'allow' });

/** How many answers the service worker keeps. */
function count(page: Page, cache: string, path: RegExp): Promise<number> {
  return page.evaluate(async ([name, pattern]) => {
    if (!await caches.has(name)) return 0;
    const keys = await (await caches.open(name)).keys();
    return keys.filter((one) => new RegExp(pattern).test(new URL(one.url).pathname)).length;
  }, [cache, path.source] as const);
}

async function kept(page: Page, cache: string, path: RegExp): Promise<void> {
  await expect.poll(() => count(page, cache, path), { timeout: 30_000 }).toBeGreaterThan(0);
}

test('without a network the house is there as last seen, with its age, and so is what one has booked', async ({ page, context, request }, info) => {
  const slot = await freeSlot(request, info, 'seniors', 60, 8);
  await signInByPhone(page, freshPhone(info));
  await page.goto(`/book?room=seniors&day=${slot.day}&at=${slot.at}&for=60`);
  await page.locator('.form-end button.primary').click();
  await expect(page.locator('.ticket-state')).toHaveText(/已确认|待审批/);
  await page.goto('/');
  await ready(page);
  await kept(page, 'mine', /\/bookings\/[^/]+$/);
  await kept(page, 'public', /\/occupancy\//);

  await context.setOffline(true);
  await page.goto('/');
  await ready(page);
  await expect(room(page, 'seniors')).toBeVisible();
  await expect(page.locator('.stale')).toContainText('暂时连不上');
  await page.getByRole('link', { name: '我的', exact: true }).first().click();
  const row = page.locator('[aria-labelledby=my-bookings] .row').first();
  await expect(row).toBeVisible();
  await row.click();
  await expect(page.locator('.ticket-time')).toContainText(slot.at);
  await page.goto('/calendar');
  await expect(page.locator('.block').first()).toBeVisible();

  // The network is back: what is shown is new, without a reload.
  await context.setOffline(false);
  await expect(page.locator('.stale')).toHaveText('');
});

test('signing out wipes what the device kept of a person', async ({ page }, info) => {
  await signInByPhone(page, freshPhone(info));
  await page.goto('/me');
  await kept(page, 'mine', /\/me\/bookings$/);
  await page.getByRole('button', { name: '退出登录' }).first().click();
  await expect.poll(() => count(page, 'mine', /./)).toBe(0);
});
