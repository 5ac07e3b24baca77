import { expect, type Page } from '@playwright/test';
import { dayAhead, deskTab, openMap, ready, signIn, signInByPhone, test } from '../pages/linli';

test('every page has a title, the focus goes to its heading, and coming back finds the place', async ({ page }) => {
  await openMap(page);
  await expect(page).toHaveTitle('楼层地图 · 邻里');
  await page.getByRole('link', { name: '活动', exact: true }).click();
  await expect(page).toHaveTitle('活动 · 邻里');
  await ready(page);
  await expect(page.locator('main h1')).toBeFocused();
  const far = page.locator('.row.activity').nth(8);
  const name = (await far.locator('.row-name').first().textContent())!.trim();
  await far.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => window.scrollY);
  expect(before).toBeGreaterThan(200);
  await far.click();
  await expect(page.locator('main h1')).toHaveText(name);
  await expect(page.locator('main h1')).toBeFocused();
  await expect(page).toHaveTitle(`${name} · 邻里`);
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
  await page.goBack();
  await expect(page).toHaveTitle('活动 · 邻里');
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(before);
  await page.goForward();
  await expect(page.locator('main h1')).toHaveText(name);
  await page.goto('/nowhere');
  await expect(page).toHaveTitle('没有这个页面 · 邻里');
});

test('a reload keeps the place', async ({ page }) => {
  await page.goto('/activities');
  await ready(page);
  await page.locator('.row.activity').nth(8).scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => window.scrollY);
  expect(before).toBeGreaterThan(200);
  await page.reload();
  await ready(page);
  // The browser rounds.
  await expect.poll(async () => Math.abs((await page.evaluate(() => window.scrollY)) - before)).toBeLessThanOrEqual(1);
});

/** True where the middle of what has the focus is not covered by anything else. */
async function focusIsSeen(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const focused = document.activeElement!;
    if (focused === document.body) return true;
    const { left, top, width, height } = focused.getBoundingClientRect();
    const found = document.elementFromPoint(left + width / 2, top + height / 2);
    return !!found && (focused.contains(found) || found.contains(focused) || !!found.closest('label')?.contains(focused));
  });
}

test('what has the focus is never covered', async ({ page }) => {
  await signIn(page, 'resident');
  for (const path of [`/book?room=legal&day=${dayAhead(2)}&at=18:00&for=600&people=99`, '/me', '/activities']) {
    await page.goto(path);
    await ready(page);
    for (let press = 0; press < 40; press += 1) {
      await page.keyboard.press('Tab');
      const focused = () => page.evaluate(() => document.activeElement!.outerHTML.slice(0, 120));
      expect(await focusIsSeen(page), `${path}: ${await focused()}`).toBe(true);
    }
  }
});

test('a pressed button keeps the focus, and is pressed once', async ({ page }, info) => {
  await signInByPhone(page, `138000076${info.project.name === 'phone' ? 41 : 42}`);
  await page.goto('/me');
  await ready(page);
  let sent = 0;
  let release = () => {};
  const held = new Promise<void>((resolve) => { release = resolve; });
  await page.route('**/api/v1/me', async (route) => {
    if (route.request().method() === 'GET') return route.continue();
    sent += 1;
    await held;
    return route.continue();
  });
  const save = page.getByRole('button', { name: '保存' });
  await page.getByLabel('姓名').fill('赵小满');
  await save.focus();
  await page.keyboard.press('Enter');
  await expect(save).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  release();
  await expect(page.locator('.done')).toContainText('已保存');
  await expect(save).toBeFocused();
  expect(sent).toBe(1);
});

test('what is typed outlives a reload, and goes with whoever typed it', async ({ page }) => {
  await signIn(page, 'organiser');
  await page.goto('/publish?centre=liuyi');
  await ready(page);
  const title = page.getByLabel('活动名称');
  await title.fill('清晨太极');
  await page.reload();
  await ready(page);
  await expect(title).toHaveValue('清晨太极');
  // Another centre is another draft.
  await page.goto('/publish?centre=xizhan');
  await ready(page);
  await expect(title).toHaveValue('');
  await page.goto('/me');
  await page.getByRole('button', { name: '退出登录' }).click();
  await expect(page.getByRole('link', { name: '登录' })).toBeVisible();
  await signIn(page, 'manager');
  await page.goto('/publish?centre=liuyi');
  await ready(page);
  await expect(title).toHaveValue('');
});

test('a reason is typed where it was asked for', async ({ page }) => {
  await signIn(page, 'staff');
  await page.goto('/desk?centre=xizhan');
  await deskTab(page, '待办');
  const open = page.locator('.applicant').filter({ has: page.getByRole('button', { name: '不批' }) });
  const [first, second] = await open.elementHandles();
  for (const row of [first!, second!]) {
    await (await row.$('button:has-text("不批")'))!.click();
    await expect.poll(() => row.evaluate((node) => node.contains(document.activeElement) && document.activeElement!.tagName)).toBe('TEXTAREA');
  }
});

test('a refusal points at its field', async ({ page }) => {
  await page.goto('/sign-in');
  await ready(page);
  const phone = page.getByLabel('手机号');
  await phone.fill('12345');
  await page.getByRole('button', { name: '获取验证码' }).click();
  await expect(phone).toBeFocused();
  await expect(phone).toHaveAttribute('aria-invalid', 'true');
  await expect(phone).toHaveAccessibleDescription(/11 位数字/);
  await phone.fill('123456');
  await expect(phone).not.toHaveAttribute('aria-invalid');
});

test('back closes the filters, and what was chosen in them goes along with it', async ({ page }) => {
  await openMap(page);
  const filters = page.getByRole('dialog', { name: '筛选' });
  await page.getByRole('button', { name: '筛选' }).click();
  await expect(filters).toBeVisible();
  await page.goBack();
  await expect(filters).toBeHidden();
  await page.getByRole('button', { name: '筛选' }).click();
  await filters.getByLabel('用途').selectOption('dance');
  await filters.getByRole('button', { name: '清除筛选' }).click();
  await expect(filters.getByLabel('用途')).toHaveValue('');
  await filters.getByLabel('用途').selectOption('dance');
  await filters.getByRole('button', { name: /查看/ }).click();
  await expect(filters).toBeHidden();
  await expect(page).toHaveURL(/purpose=dance$/);
});

test('the plan is one tab stop, and arrows go from room to room', async ({ page }) => {
  await openMap(page);
  const stops = page.locator('.plan [data-room][tabindex="0"]');
  await expect(stops).toHaveCount(1);
  await page.getByRole('button', { name: '放大' }).focus();
  await page.keyboard.press('Shift+Tab');
  await expect(stops).toBeFocused();
  const first = await stops.getAttribute('data-room');
  for (const [key, back] of [['ArrowRight', 'ArrowLeft'], ['ArrowDown', 'ArrowUp']]) {
    await page.keyboard.press(key);
    await page.keyboard.press(back);
  }
  await page.keyboard.press('ArrowRight');
  await expect(page.locator(`.plan [data-room="${first}"]`)).not.toBeFocused();
  await expect(stops).toBeFocused();
  const there = await stops.getAttribute('data-room');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`room=${there}`));
});

test('what is typed into an activity that one runs outlives a reload', async ({ page }) => {
  await signIn(page, 'organiser');
  await page.goto('/activities');
  await ready(page);
  await page.locator('.row.activity', { hasText: '舞' }).first().click();
  await page.locator('details.manage > summary').click();
  await page.locator('details.manage').getByLabel('介绍').fill('带上软底鞋');
  await page.reload();
  await ready(page);
  await expect(page.locator('details.manage').getByLabel('介绍')).toHaveValue('带上软底鞋');
});

test('the list of activities is there before the program, and without it', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const page = await context.newPage();
  await page.goto('/activities');
  expect(await page.locator('.row.activity').count()).toBeGreaterThan(3);
  const name = (await page.locator('.row-name').first().textContent())!;
  await page.locator('.row.activity').first().click();
  await expect(page.locator('h1')).toHaveText(name);
  await page.goto('/calendar');
  await expect(page.locator('h1')).toHaveText('日历');
  await context.close();
});

test('what is asked twice keeps the focus where one was', async ({ page }) => {
  await signIn(page, 'resident');
  await page.goto('/me');
  await ready(page);
  const erase = page.getByRole('button', { name: '注销账号' });
  await erase.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('不能恢复')).toBeVisible();
  await expect(page.locator('main button:focus, main a:focus, main input:focus')).toHaveCount(1);
});

test('closing a room gives the focus back to it', async ({ page }) => {
  await openMap(page, '?centre=xizhan');
  const room = page.locator('.plan [data-room="legal"]');
  await room.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#room-title')).toBeFocused();
  await page.locator('.detail').getByRole('button', { name: '关闭' }).click();
  await expect(page.locator(':focus')).toHaveAttribute('data-room', 'legal');
});

test('going on and back quickly leaves no skeleton', async ({ page }) => {
  await signIn(page, 'manager');
  await page.goto('/figures?centre=xizhan');
  await ready(page);
  let slow = 0;
  await page.route('**/figures/*', async (route) => {
    slow += 1;
    await new Promise((resolve) => { setTimeout(resolve, slow === 1 ? 800 : 0); });
    await route.continue();
  });
  // The answer may be there before the press is over.
  const answer = page.waitForResponse('**/figures/*');
  await page.getByRole('button', { name: '前一段' }).click();
  await page.getByRole('button', { name: '后一段' }).click();
  await answer;
  await ready(page);
});
