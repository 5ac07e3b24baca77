import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { openMap, ready, signIn, test } from '../pages/linli';

test('the elder view is switched on the first screen, has three large ways, and is left by one press @phone', async ({ page }) => {
  await openMap(page);
  await page.getByRole('button', { name: '长辈版' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-elder', '');
  await ready(page);
  const ways = page.getByRole('navigation', { name: '从这里开始' }).getByRole('link');
  await expect(ways).toHaveCount(3);
  await expect(ways.last()).toHaveAttribute('href', /^tel:\d+$/);
  for (const way of await ways.all()) {
    await expect(way).toBeInViewport({ ratio: 1 });
    expect((await way.boundingBox())!.height).toBeGreaterThanOrEqual(60);
  }
  // The words of the plan are as large as those of the page.
  const letters = await page.locator('.plan .name:not(.small)').evaluateAll((all) => all.map((one) =>
    parseFloat(getComputedStyle(one).fontSize) * (one as SVGGraphicsElement).getScreenCTM()!.a));
  expect(Math.min(...letters)).toBeGreaterThanOrEqual(16);
  await ways.first().click();
  await expect(page).toHaveURL(/\/book/);
  await page.getByRole('button', { name: '普通版' }).click();
  await expect(page.locator('html')).not.toHaveAttribute('data-elder');
  await expect(page).toHaveURL(/\/book/);
});

test('a page is read aloud, what is shown and not what is pressed, until one stops it or goes elsewhere @phone', async ({ page, context, baseURL }) => {
  await context.addCookies([{ name: 'elder', value: '1', url: baseURL! }]);
  // No machine of the tests has a voice: what it would be given is written down.
  await page.addInitScript(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    speechSynthesis.speak = (one) => { said.push(`${one.lang} ${one.text}`); };
    speechSynthesis.cancel = () => { said.push('stop'); };
  });
  const said = () => page.evaluate(() => (window as unknown as { said: string[] }).said);
  await openMap(page);
  await page.getByRole('button', { name: '朗读这一页' }).click();
  const stop = page.getByRole('button', { name: '停止朗读' });
  await expect(stop).toBeVisible();
  const texts = await said();
  expect(texts.some((one) => one.startsWith('zh-CN 约房间'))).toBe(true);
  expect(texts.some((one) => one.includes('法律咨询室'))).toBe(true);
  expect(texts.some((one) => one.includes('长辈版') || one.includes('朗读'))).toBe(false);
  await stop.click();
  expect((await said()).at(-1)).toBe('stop');
  const again = page.getByRole('button', { name: '朗读这一页' });
  await again.click();
  await page.getByRole('link', { name: '活动', exact: true }).first().click();
  await expect(again).toBeVisible();
  expect((await said()).at(-1)).toBe('stop');
});

test('a device without a voice says so @phone', async ({ page, context, baseURL }) => {
  await context.addCookies([{ name: 'elder', value: '1', url: baseURL! }]);
  await page.addInitScript(() => {
    speechSynthesis.speak = (one) => { setTimeout(() => one.dispatchEvent(new Event('error')), 0); };
  });
  await openMap(page);
  await page.getByRole('button', { name: '朗读这一页' }).click();
  await expect(page.locator('.elder-bar [role=status]')).toHaveText('这台设备没有中文朗读的声音。');
});

test('in the elder view what is pressed is large, and so are letters @phone', async ({ page, context, baseURL }) => {
  test.slow();
  await context.addCookies([{ name: 'elder', value: '1', url: baseURL! }]);
  await signIn(page, 'resident');
  for (const path of ['/', '/?room=lecture-west&at=18:00&for=60', '/calendar', '/book', '/activities', '/clubs', '/me', '/household', '/messages']) {
    await page.goto(path);
    await ready(page);
    const small = await page.locator('main :is(button, a, select, input:not([type=range], [type=checkbox], [type=radio]), summary, label.check), .nav a, .elder-bar button').evaluateAll((all) => all
      .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.closest('.hidden, p, .block, .canvas svg'))
      .map((one) => ({ text: one.outerHTML.slice(0, 90), box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && (box.height < 59.5 || box.width < 44))
      .map(({ text, box }) => `${text}: ${Math.round(box.width)} × ${Math.round(box.height)}`));
    expect(small, path).toEqual([]);
    const letters = await page.locator('main :is(p, span, a, button, td, th, dt, dd, h1, h2, h3, small), .nav span').evaluateAll((all) => all
      .filter((one) => one.checkVisibility() && !one.closest('.hidden, svg, .icon, .badge, .block, .strip, .column-head, .hours-axis') && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim()))
      .map((one) => ({ text: `${one.className} ${one.textContent!.slice(0, 20)}`, size: parseFloat(getComputedStyle(one).fontSize) }))
      .filter(({ size }) => size < 17.9)
      .map(({ text, size }) => `${text}: ${size}`));
    expect(letters, path).toEqual([]);
  }
});

for (const theme of ['light', 'dark']) {
  // WCAG 2.2, criterion 1.4.6: what is written stands out 7 to 1.
  test(`in the elder view contrast is enhanced: ${theme} @phone`, async ({ page, context, baseURL }) => {
    test.slow();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.route('**/events*', (route) => route.abort());
    await context.addCookies([{ name: 'elder', value: '1', url: baseURL! }, { name: 'theme', value: theme, url: baseURL! }]);
    await signIn(page, 'resident');
    for (const path of ['/', '/?list', '/?room=lecture-west&at=18:00&for=60', '/calendar', '/calendar?month', '/book?room=legal&at=18:00&for=60', '/me', '/activities', '/household', '/messages', '/sign-in']) {
      await page.goto(path);
      await ready(page);
      const { violations } = await new AxeBuilder({ page }).options({ runOnly: ['color-contrast-enhanced'], rules: { 'color-contrast-enhanced': { enabled: true } } }).analyze();
      expect(violations.flatMap((one) => one.nodes.map((node) => `${node.html.slice(0, 120)} ${node.failureSummary}`)), path).toEqual([]);
    }
  });
}
