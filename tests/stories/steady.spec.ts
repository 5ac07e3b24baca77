import { expect, type Page, type TestInfo } from '@playwright/test';
import { another, askCode, dayAhead, deskTab, freeSlot, openMap, plainDay, ready, signIn, signInByPhone, test } from '../pages/linli';

/** A number of this file's own. */
function number(info: TestInfo, n: number): string {
  return `1380000${info.project.name === 'phone' ? 96 : 97}${String(n).padStart(2, '0')}`;
}

/** The wall clock in China. */
function clock(ms = Date.now()): string {
  return new Date(ms + 8 * 3_600_000).toISOString().slice(11, 16);
}

/** A session that has places left on a day to come, of an activity for everybody. */
async function openActivity(page: Page): Promise<string> {
  const answer = await page.request.get('/api/v1/centres/xizhan/activities');
  const all = (await answer.json()) as { id: string; per: string; audience: object; sessions: { state: string; start: string }[] }[];
  const comes = (one: { state: string; start: string }) => one.state === 'confirmed' && one.start.slice(0, 10) > dayAhead(0);
  return all.find((one) => one.per === 'session' && Object.values(one.audience).every((age) => age === null) && one.sessions.some(comes))!.id;
}

test('the clock moves nothing under a finger', async ({ page }) => {
  await page.clock.install();
  await signIn(page, 'staff');
  for (const path of ['/calendar?centre=xizhan', '/desk?centre=xizhan']) {
    await page.goto(path);
    await ready(page);
    if (path.startsWith('/desk')) await deskTab(page, '今天');
    const column = await page.locator('.column-body').first().elementHandle();
    await page.clock.runFor(35_000);
    expect(await column!.evaluate((node) => node.isConnected), path).toBe(true);
  }
});

test('a page that fails says so, shows that it tries again, and comes', async ({ page }) => {
  const id = await openActivity(page);
  let asked = 0;
  let release = () => {};
  const held = new Promise<void>((resolve) => { release = resolve; });
  await page.route(`**/api/v1/centres/xizhan/activities/${id}`, async (route) => {
    asked += 1;
    if (asked === 1) return route.fulfill({ status: 500, contentType: 'application/json', body: '{"problem":"defect","message":"出错了"}' });
    await held;
    return route.continue();
  });
  // By way of another page: the server's own would bring the reply along.
  await page.goto('/me');
  await page.evaluate((to) => { history.pushState(null, '', to); dispatchEvent(new PopStateEvent('popstate')); }, `/activities/xizhan/${id}`);
  await expect(page.locator('.notice')).toContainText('出错了');
  await page.locator('.notice').getByRole('button', { name: '再试一次' }).click();
  await expect(page.locator('.skeleton')).not.toHaveCount(0);
  release();
  await expect(page.locator('main h1')).not.toBeEmpty();
  await expect(page.locator('.notice')).toHaveCount(0);
});

test('a list that cannot be read is a fault, not an empty list', async ({ page }, info) => {
  await signInByPhone(page, number(info, 1));
  let fails = true;
  await page.route('**/api/v1/me/sessions', async (route) => {
    await (fails ? route.fulfill({ status: 500, contentType: 'application/json', body: '{"problem":"defect","message":"出错了"}' }) : route.continue());
  });
  await page.goto('/me');
  await expect(page.locator('.notice')).toContainText('出错了');
  await page.locator('.notice').getByRole('button', { name: '再试一次' }).focus();
  fails = false;
  // By a press, or by itself where others changed something meanwhile.
  await page.keyboard.press('Enter');
  await expect(page.getByText('本机')).toBeVisible();
});

test('a page of an older build says that there is a newer one', async ({ page, browser }, info) => {
  await openMap(page);
  await page.route(/\.wasm/, (route) => route.fulfill({ status: 404, body: '' }));
  await page.getByRole('link', { name: '日历' }).click();
  await expect(page.locator('.notice')).toContainText('有新版本了');
  await page.unroute(/\.wasm/);
  await page.locator('.notice').getByRole('button', { name: '重新打开' }).click();
  await ready(page);
  await expect(page.getByRole('heading', { name: '日历', level: 1 })).toBeAttached();
  // What it cannot read of an answer is no fault of the network either.
  const other = await another(browser, info);
  await signInByPhone(other, number(info, 2));
  await other.route('**/api/v1/me', async (route) => {
    await (route.request().method() === 'PUT' ? route.fulfill({ status: 200, contentType: 'application/json', body: '{"tomorrow":1}' }) : route.continue());
  });
  await other.getByLabel('姓名').fill('新来的');
  await other.getByRole('button', { name: '保存' }).click();
  await expect(other.locator('.refusal')).toContainText('有新版本了');
});

test('what is proposed when a form opens stays, however late it gets', async ({ page }) => {
  await page.clock.install();
  await signIn(page, 'staff');
  await page.goto('/book?centre=xizhan&room=legal');
  await ready(page);
  const time = async () => [await page.getByLabel('日期').inputValue(), await page.getByLabel('开始').inputValue()];
  const before = await time();
  await page.clock.fastForward(100 * 60_000);
  await page.clock.runFor(11_000);
  expect(await time()).toEqual(before);
});

test('an answer that never comes is not waited for without end', async ({ page }, info) => {
  await signInByPhone(page, number(info, 3));
  await page.getByLabel('姓名').fill('等不及');
  let sent = 0;
  await page.route('**/api/v1/me', async (route) => {
    if (route.request().method() !== 'PUT') return route.continue();
    sent += 1;
    // The line stalls: neither an answer nor an end.
    if (sent > 1) await route.continue();
  });
  const save = page.getByRole('button', { name: '保存' });
  await save.click();
  await expect(save).toHaveAttribute('aria-disabled', 'true');
  await expect(page.locator('.refusal')).not.toBeEmpty({ timeout: 20_000 });
  await expect(save).toHaveAttribute('aria-disabled', 'false');
  await save.click();
  await expect(page.locator('.done')).toContainText('已保存');
  expect(sent).toBe(2);
});

test('what is typed into the forms of a house outlives a reload', async ({ page }) => {
  await signIn(page, 'manager');
  const forms: [string, string, string][] = [
    ['/household?centre=xizhan', 'input[name=name]', '小明'],
    ['/closures?centre=xizhan', 'input[name=reason]', '水管抢修'],
    ['/roles?centre=xizhan', 'input[name=colleague-phone]', '139'],
  ];
  for (const [path, name, typed] of forms) {
    await page.goto(path);
    await ready(page);
    const field = page.locator(name).first();
    await field.fill(typed);
    await page.reload();
    await ready(page);
    await expect(field, path).toHaveValue(typed);
    await field.fill('');
  }
  await page.goto('/desk?centre=xizhan');
  await deskTab(page, '人');
  await page.locator('.find-person summary').click();
  await page.getByLabel('姓名', { exact: true }).fill('还没登记完');
  await page.reload();
  await deskTab(page, '人');
  await expect(page.getByLabel('姓名', { exact: true })).toHaveValue('还没登记完');
  await page.getByLabel('姓名', { exact: true }).fill('');
});

test('whoever signs in comes back to where they were, and a page seen long ago pulls nobody', async ({ page }, info) => {
  await page.goto('/messages?centre=liuyi');
  await ready(page);
  await page.getByRole('link', { name: '我的' }).click();
  await page.getByRole('main').getByRole('link', { name: '登录' }).click();
  const code = await askCode(page, number(info, 4));
  await page.getByLabel('验证码').fill(code);
  await page.waitForURL(/\/me(\?|$)/);
  expect(page.url()).toContain('centre=liuyi');
});

test('a program that stops says so', async ({ browser }, info) => {
  const page = await another(browser, info);
  await openMap(page);
  await page.evaluate(() => {
    const real = Document.prototype.createElement;
    Document.prototype.createElement = function make(this: Document, name: string) {
      if (name !== 'div' && name !== 'a') throw new Error('no more elements');
      return real.call(this, name);
    } as typeof real;
    Document.prototype.importNode = () => { throw new Error('no more nodes'); };
    Node.prototype.cloneNode = () => { throw new Error('no more nodes'); };
  });
  await page.getByRole('link', { name: '活动', exact: true }).click();
  await expect(page.locator('.failed a')).toBeVisible();
  // It is said once, however often one presses.
  await page.getByRole('link', { name: '日历' }).click();
  await page.getByRole('link', { name: '活动', exact: true }).click();
  await expect(page.locator('.failed')).toHaveCount(1);
});

test('a clock that is wrong shows the time of the house', async ({ page }) => {
  await page.clock.install({ time: Date.now() - 3 * 3_600_000 });
  await openMap(page, '?centre=xizhan');
  const [now, next] = [clock(), clock(Date.now() + 60_000)];
  // The clock is looked at every ten seconds.
  await expect(page.locator('.scrub-time')).toContainText(new RegExp(`${now}|${next}`), { timeout: 25_000 });
});

test('Enter opens whom it was pressed for', async ({ page }) => {
  await signIn(page, 'staff');
  await page.goto('/desk?centre=xizhan');
  await deskTab(page, '人');
  const field = page.getByPlaceholder('手机号、尾号、姓名或拼音');
  await field.fill('13800000000');
  await expect(page.locator('.found a')).toHaveCount(1);
  await field.fill('13999999999');
  await field.press('Enter');
  await expect(page.locator('.find-person .empty')).toContainText('没有找到');
  await expect(page.locator('.acting')).toHaveCount(0);
  await field.fill('13800000000');
  await field.press('Enter');
  await expect(page.locator('.acting')).toBeVisible();
});

test('days are those of the house, not of Greenwich', async ({ page }, info) => {
  await signInByPhone(page, number(info, 5));
  // At half past six in China it is still yesterday in Greenwich.
  const since = Date.parse(`${dayAhead(-3)}T06:30:00+08:00`) / 1000;
  await page.route('**/api/v1/me/sessions', async (route) => {
    const answer = await route.fetch();
    const all = (await answer.json()) as { since: number }[];
    await route.fulfill({ response: answer, json: all.map((one) => ({ ...one, since })) });
  });
  await page.reload();
  const [, month, day] = dayAhead(-3).split('-').map(Number);
  await expect(page.locator('li', { hasText: '本机' })).toContainText(`${month}月${day}日`);
});

test('where nothing can be copied, the link is there to be copied by hand', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'share', { value: undefined });
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
  });
  const id = await openActivity(page);
  await page.goto(`/activities/xizhan/${id}`);
  await ready(page);
  await page.getByRole('button', { name: '分享' }).click();
  await expect(page.locator('.link-by-hand')).toContainText(`/activities/xizhan/${id}`);
});

test('what is typed for one activity is not saved for another', async ({ page }) => {
  await signIn(page, 'staff');
  const answer = await page.request.get('/api/v1/centres/xizhan/activities');
  const [one, other] = ((await answer.json()) as { id: string; sessions: { start: string }[] }[]).filter((each) => each.sessions.some((session) => session.start.slice(0, 10) > dayAhead(0)));
  await page.goto(`/activities/xizhan/${one.id}`);
  await ready(page);
  await page.locator('details.manage > summary', { hasText: '修改' }).click();
  const about = page.locator('details.manage', { hasText: '修改' }).getByLabel('介绍');
  await about.fill('只给这一个');
  await page.evaluate((to) => { history.pushState(null, '', to); dispatchEvent(new PopStateEvent('popstate')); }, `/activities/xizhan/${other.id}`);
  await expect(page).toHaveURL(new RegExp(other.id));
  await ready(page);
  await page.locator('details.manage > summary', { hasText: '修改' }).click();
  await expect(about).not.toHaveValue('只给这一个');
});

test('who is over goes to those who are, without a reload', async ({ page, request }, info) => {
  const { day, at } = await freeSlot(request, info, 'legal', 60, 10);
  await page.clock.install();
  await signIn(page, 'staff');
  const answer = await page.request.post('/api/v1/centres/xizhan/bookings', {
    data: { room: 'legal', start: `${day}T${at}`, end: `${day}T${Number(at.slice(0, 2)) + 1}:00`, people: 3 },
    headers: { 'idempotency-key': `over-${day}-${Date.now()}` },
  });
  expect(answer.status()).toBe(200);
  const { id } = (await answer.json()) as { id: string };
  await page.goto(`/desk?centre=xizhan&day=${day}`);
  await deskTab(page, '今天');
  const coming = page.locator('.expected > .rows > li').filter({ has: page.locator(`a[href*="${id}"]`) });
  const over = page.locator('.expected details li').filter({ has: page.locator(`a[href*="${id}"]`) });
  await expect(coming).toHaveCount(1);
  // A reply would set the clock right again.
  await page.context().setOffline(true);
  await page.clock.fastForward(Date.parse(`${day}T23:30:00+08:00`) - Date.now());
  await page.clock.runFor(11_000);
  await expect(coming).toHaveCount(0);
  await expect(over).toHaveCount(1);
  await page.context().setOffline(false);
  await page.request.post(`/api/v1/centres/xizhan/bookings/${id}/undo`, { headers: { 'idempotency-key': `over-undo-${id}`.slice(0, 60) } });
});

test('the question whether to call all off stands where it was asked', async ({ page }) => {
  await signIn(page, 'staff');
  const id = await openActivity(page);
  await page.goto(`/activities/xizhan/${id}`);
  await ready(page);
  await page.locator('details.manage > summary', { hasText: '修改' }).click();
  await page.getByRole('button', { name: '取消全部场次' }).click();
  const reason = page.getByRole('textbox', { name: '原因' });
  await expect(reason).toBeFocused();
  await expect(reason).toBeInViewport();
  await page.getByRole('button', { name: '返回' }).click();
  await expect(page.getByRole('button', { name: '取消全部场次' })).toBeFocused();
  // Of one session the question takes the place of its button.
  await page.getByRole('button', { name: '取消这一场' }).first().click();
  await expect(reason).toBeFocused();
  await page.getByRole('button', { name: '返回' }).click();
  await expect(page.getByRole('button', { name: '取消这一场' }).first()).toBeFocused();
});

test('what the rules say, and what becomes of an open room, is spoken', async ({ page, browser, request }, info) => {
  await signIn(page, 'resident');
  await page.goto(`/book?centre=xizhan&room=legal&day=${await plainDay(request, 12)}&at=11:00&for=60`);
  await ready(page);
  const says = page.locator('.says');
  await expect(says).toHaveAttribute('aria-live', 'polite');
  const node = await says.elementHandle();
  const before = await says.textContent();
  await page.getByLabel('人数').fill('99');
  await page.getByLabel('人数').blur();
  await expect(says).not.toHaveText(before!);
  expect(await node!.evaluate((one) => one.isConnected)).toBe(true);

  const { day, at } = await freeSlot(request, info, 'half-past-six', 60, 5);
  await page.goto(`/?centre=xizhan&day=${day}&at=${at}&for=60&room=half-past-six`);
  await ready(page);
  const state = page.locator('.detail [role=status]');
  const was = await state.textContent();
  const line = await state.elementHandle();
  const staff = await another(browser, info, 'staff');
  await staff.goto(`/book?centre=xizhan&day=${day}&at=${at}&for=60&room=half-past-six`);
  await staff.getByRole('button', { name: '确认预约' }).click();
  await expect(state).not.toHaveText(was!);
  expect(await line!.evaluate((one) => one.isConnected)).toBe(true);
  await staff.getByRole('button', { name: /撤销/ }).click();
  await expect(staff.locator('.ticket-state')).toHaveText('已撤销');
});

test('the time that runs is not spoken each minute', async ({ page }) => {
  await openMap(page);
  await expect(page.locator('.scrubber').locator('output, [aria-live], [role=status]')).toHaveCount(0);
  await expect(page.getByRole('slider')).toHaveAttribute('aria-valuetext', /\d/);
});

test('what people wrote is read in its own language', async ({ page }) => {
  await page.goto('/me');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.goto('/activities?centre=xizhan');
  await ready(page);
  const titles = await page.locator('.activity .row-name').evaluateAll((all) => all.map((one) => [one.textContent!, one.getAttribute('lang')]));
  const chinese = titles.filter(([text]) => /[\u4e00-\u9fff]/.test(text!));
  expect(chinese.every(([, lang]) => lang?.startsWith('zh')), JSON.stringify(chinese)).toBe(true);
  expect(titles.filter(([text]) => /^[\x20-\x7e]+$/.test(text!)).every(([, lang]) => !lang?.startsWith('zh'))).toBe(true);
});

test('the bar of the phone has the colour of the page, however it is set', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('/me');
  await ready(page);
  const bar = () => page.evaluate(() => [...document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')]
    .filter((one) => !one.media || matchMedia(one.media).matches).map((one) => one.content)[0]);
  const light = await bar();
  await page.getByRole('button', { name: '深色' }).click();
  await expect.poll(bar).not.toBe(light);
  await page.reload();
  await ready(page);
  expect(await bar()).not.toBe(light);
  await page.getByRole('button', { name: '浅色' }).click();
  await expect.poll(bar).toBe(light);
});
