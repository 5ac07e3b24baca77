import { expect } from '@playwright/test';
import { askCode, dayAhead, openMap, ready, room, signIn, signInByPhone, test } from '../pages/linli';

test('the plan is there before the program, and without it', async ({ browser }, info) => {
  const context = await browser.newContext({ ...info.project.use, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/');
  await expect(room(page, 'lecture-west')).toBeVisible();
  await expect(page.locator('.open-hours')).toContainText('服务台');
  await expect(page.locator('.open-hours')).toContainText('10:00–22:30');
  await context.close();
});

test('the URL holds what is seen: reload, back and a shared link lose nothing', async ({ page }) => {
  await openMap(page);
  await page.getByRole('slider').fill(String(18 * 60));
  await expect(page).toHaveURL(/at=18:00/);
  await page.getByRole('combobox', { name: '多长时间' }).selectOption('120');
  await expect(page.locator('.scrub-time')).toHaveText('18:00–20:00');
  await page.getByRole('button', { name: /筛选/ }).click();
  await page.getByRole('spinbutton', { name: '至少能坐几个人' }).fill('30');
  await page.getByRole('button', { name: /查看 \d+ 个房间/ }).click();
  await expect(room(page, 'legal')).toHaveClass(/dim/);
  await expect(room(page, 'lecture-west')).not.toHaveClass(/dim/);
  await room(page, 'lecture-west').click();
  await expect(page.locator('.detail h2')).toHaveText('宣讲西厅');
  await expect(page.locator('.detail .primary')).toBeInViewport({ ratio: 1 });
  const shared = page.url();

  await page.reload();
  await ready(page);
  await expect(page.locator('.detail h2')).toHaveText('宣讲西厅');
  await expect(page.locator('.scrub-time')).toHaveText('18:00–20:00');
  await expect(room(page, 'legal')).toHaveClass(/dim/);
  await page.goBack();
  await expect(page.locator('.detail')).toHaveCount(0);
  await page.goForward();
  await expect(page.locator('.detail h2')).toHaveText('宣讲西厅');
  expect(page.url()).toBe(shared);
});

test('the scrubber answers for Thursday evening without asking the server', async ({ page }) => {
  let thursday = 0;
  while (new Date(`${dayAhead(thursday)}T00:00:00Z`).getUTCDay() !== 4) thursday += 1;
  await openMap(page, `?day=${dayAhead(thursday)}&at=18:00&for=60`);
  await expect(room(page, 'lecture-west')).toBeVisible();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.getByRole('slider').fill(String(19 * 60 + 30));
  await expect(room(page, 'lecture-west')).toHaveClass(/s-busy/);
  await page.getByRole('slider').fill(String(21 * 60 + 30));
  await expect(page.locator('.scrub-time')).toContainText('21:30');
  expect(asked.filter((url) => url.includes('/api/'))).toEqual([]);
});

test('the list says the same as the plan, with the same search and the same way to book', async ({ page }) => {
  await openMap(page, `?day=${dayAhead(1)}&at=11:00&for=60&list`);
  await page.getByRole('searchbox').fill('妇女');
  await expect(page.locator('.rooms:visible .row:visible')).toHaveCount(1);
  await expect(page.locator('.rooms:visible .row:visible')).toContainText('矛盾纠纷调解室');
  await expect(page.locator('.rooms:visible .row:visible')).toContainText('挨着');
  await page.locator('.rooms:visible .row:visible').click();
  await page.locator('.detail .primary').click();
  await expect(page).toHaveURL(/\/book\?.*room=mediation/);
});

test('six centres and one abroad can be looked at, floor by floor', async ({ page }) => {
  await openMap(page);
  const picker = page.getByRole('combobox', { name: '中心' });
  await expect(picker.locator('option:not([value^="night-"])')).toHaveCount(7);
  await picker.selectOption('lijingjie');
  await expect(room(page, 'cinema')).toHaveCount(0);
  await page.getByRole('button', { name: '二楼', exact: true }).click();
  await expect(room(page, 'cinema')).toBeVisible();
  await picker.selectOption('harbour');
  await expect(room(page, 'workshop')).toBeVisible();
});

for (const [name, width, height, elder] of [['small', 360, 640, false], ['elder', 390, 844, true]] as const) {
  test(`on a ${name} screen the ways in and a tapped room's sheet are in sight @phone`, async ({ page, context, baseURL }) => {
    await page.setViewportSize({ width, height });
    if (elder) await context.addCookies([{ name: 'elder', value: '1', url: baseURL! }]);
    await openMap(page);
    const first = elder ? page.locator('.way-in').last() : page.getByRole('slider');
    await expect(first).toBeInViewport({ ratio: 1 });
    await room(page, 'legal').click();
    await expect(page.getByRole('heading', { name: '法律咨询室' })).toBeInViewport({ ratio: 1 });
    await expect(page.locator('.detail .primary')).toBeInViewport({ ratio: 1 });
    await expect(page.locator('.detail .strip')).toBeInViewport({ ratio: 1 });
    await expect(room(page, 'legal').locator('.name').first()).toBeInViewport();
    const sizes = await page.locator('.plan .name:not(.small)').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
    expect(Math.min(...sizes)).toBeGreaterThan(elder ? 16 : 11);
  });
}

test('language, theme and large letters stay', async ({ page }, info) => {
  await signInByPhone(page, info.project.name === 'phone' ? '138 0000 9003' : '138 0000 9004');
  await page.getByRole('button', { name: '深色' }).click();
  await page.getByRole('button', { name: /长辈版/ }).click();
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('heading', { name: 'Me', exact: true })).toBeVisible();
  const root = page.locator('html');
  await expect(root).toHaveAttribute('lang', 'en');
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await expect(root).toHaveAttribute('data-elder', '');
  await page.getByLabel('Name').fill('Gulnar');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('.done')).toContainText('Saved');
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible();
});

test('signing in by phone and code, with a wrong one first', async ({ page }, info) => {
  await page.goto('/sign-in');
  await page.getByLabel('手机号').fill('123');
  await page.getByRole('button', { name: '获取验证码' }).click();
  await expect(page.locator('.refusal').first()).toContainText('手机号是 11 位数字');
  const code = await askCode(page, info.project.name === 'phone' ? '138 0000 9001' : '138 0000 9002');
  await page.getByLabel('验证码').fill(code === '000000' ? '000001' : '000000');
  await expect(page.locator('.refusal', { hasText: '还可以试 4 次' })).toBeVisible();
  await page.getByLabel('验证码').fill(code);
  await page.waitForURL(/\/me(\?|$)/);
});

test('pages for others are not shown, and the server agrees', async ({ page }) => {
  await signIn(page, 'resident');
  await expect(page.getByRole('link', { name: '值班' })).toHaveCount(0);
  await page.goto('/desk');
  await expect(page.locator('.empty')).toContainText('工作人员');
  const answer = await page.request.get(`/api/v1/centres/xizhan/desk/${dayAhead(0)}`);
  expect(answer.status()).toBe(403);
  await page.goto('/nowhere');
  await expect(page.getByRole('heading', { name: '没有这个页面' })).toBeVisible();
});

test('a page that cannot be fetched says so, and comes with the network', async ({ page }) => {
  await openMap(page);
  await page.context().setOffline(true);
  await page.getByRole('link', { name: '日历' }).click();
  await expect(page.locator('.notice')).toContainText('没有网络');
  await page.context().setOffline(false);
  await expect(page.getByRole('heading', { name: '日历', level: 1 })).toBeVisible();
  await expect(page.locator('.notice')).toHaveCount(0);
});
