import { expect } from '@playwright/test';
import { test } from '../pages/linli';

test('the wall shows the house without controls, and stays through a lost network and midnight @desktop', async ({ page }) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.clock.install();
  await page.goto('/?centre=xizhan&wall');
  await expect(page.locator('.wall-page .plan')).toBeVisible();
  await expect(page.locator('.wall-clock')).toHaveText(/^\d\d:\d\d$/);
  await expect(page.locator('.nav')).toBeHidden();
  await expect(page.locator('.wall-page button:visible')).toHaveCount(0);
  const clock = (await page.locator('.wall-clock').textContent())!;
  const [hour, minute] = clock.split(':').map(Number) as [number, number];
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(hour < 7 || hour >= 19 ? 'dark' : 'light');
  // Nobody is named to those who pass by, also where staff have signed in.
  await expect(page.locator('.wall-page')).not.toContainText(/138\d/);
  const over = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  expect(over).toBeLessThanOrEqual(0);
  const letters = await page.locator('.wall-next').evaluate((one) => parseFloat(getComputedStyle(one).fontSize));
  expect(letters).toBeGreaterThanOrEqual(28);

  const date = await page.locator('.wall-date').textContent();
  await page.context().setOffline(true);
  await page.clock.fastForward(((24 - hour) * 60 - minute) * 60_000);
  await expect(page.locator('.wall-clock')).toHaveText(/^00:0/);
  await expect(page.locator('.wall-date')).not.toHaveText(date!);
  await expect(page.locator('.wall-page .plan')).toBeVisible();
  await page.context().setOffline(false);
});
