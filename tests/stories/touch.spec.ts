import { expect, type Page } from '@playwright/test';
import { dayAhead, deskTab, openMap, plainDay, ready, room, signIn, test } from '../pages/linli';

/** A style as the browser computed it. */
async function style(page: Page, selector: string, property: string): Promise<string> {
  return page.locator(selector).first().evaluate((node, name) => getComputedStyle(node).getPropertyValue(name), property);
}

test('a finger and a wheel on the whole plan scroll the page, on a zoomed one they move the plan', async ({ page }) => {
  await page.setViewportSize({ width: 844, height: 390 });
  await openMap(page);
  expect(await style(page, '.frame', 'touch-action')).toBe('pan-y');
  const pose = () => page.locator('.sheet-of-paper').getAttribute('style');
  const before = await pose();
  await page.locator('.frame').hover();
  await page.mouse.wheel(0, 120);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(0);
  expect(await pose()).toBe(before);
  await page.getByRole('button', { name: '放大' }).click();
  await expect.poll(() => style(page, '.frame', 'touch-action')).toBe('none');
});

test('a press in the calendar that ends outside of it is over @desktop', async ({ page, request }) => {
  await page.goto(`/calendar?centre=xizhan&day=${await plainDay(request, 9)}`);
  await ready(page);
  // A gap in which the mouse has room.
  const gaps = page.locator('.column-body .b-free');
  const heights = await gaps.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  const free = gaps.nth(heights.indexOf(Math.max(...heights)));
  await free.scrollIntoViewIfNeeded();
  const box = (await free.boundingBox())!;
  expect(box.height).toBeGreaterThan(200);
  const x = box.x + box.width / 2;
  const y = Math.max(box.y, 120) + 12;
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + 40, { steps: 4 });
  const range = page.locator('.chosen-range');
  await expect(range).toBeVisible();
  await page.mouse.move(4, 4, { steps: 4 });
  // The button is let go where nobody of this page hears it.
  await page.evaluate(() => window.addEventListener('pointerup', (event) => event.stopImmediatePropagation(), { capture: true, once: true }));
  await page.mouse.up();
  await page.mouse.move(x, y + 20, { steps: 2 });
  const after = await range.getAttribute('style');
  await page.mouse.move(x, y + 90, { steps: 4 });
  expect(await range.getAttribute('style')).toBe(after);
});

test('in a long day and a wide house the calendar keeps its heads and its hours in sight @desktop', async ({ page, request }) => {
  await page.goto(`/calendar?centre=xizhan&day=${await plainDay(request, 9)}`);
  await ready(page);
  const calendar = page.locator('.calendar');
  const head = page.locator('.column-head').first();
  const top = (await head.boundingBox())!.y;
  await calendar.evaluate((node) => { node.scrollTop = 400; });
  expect(await calendar.evaluate((node) => node.scrollTop)).toBeGreaterThan(100);
  expect(Math.abs((await head.boundingBox())!.y - top)).toBeLessThan(2);
  const ticks = page.locator('.ticks');
  const side = (await ticks.boundingBox())!.x;
  await calendar.evaluate((node) => { node.scrollLeft = 300; });
  expect(await calendar.evaluate((node) => node.scrollLeft)).toBeGreaterThan(100);
  expect(Math.abs((await ticks.boundingBox())!.x - side)).toBeLessThan(2);
});

test('a week is turned by a week', async ({ page }) => {
  await page.goto(`/calendar?centre=xizhan&week&room=legal&day=${dayAhead(2)}`);
  await ready(page);
  const label = page.locator('.day-label');
  const seen = [await label.textContent()];
  for (let press = 0; press < 2; press += 1) {
    await page.getByRole('button', { name: '后一周' }).click();
    await expect(label).not.toHaveText(seen.at(-1)!);
    seen.push(await label.textContent());
  }
  await page.getByRole('button', { name: '前一周' }).click();
  await expect(label).toHaveText(seen[1]!);
});

test('a notch covers neither pages nor what stands on top @phone', async ({ page, context }) => {
  const browser = await context.newCDPSession(page);
  await browser.send('Emulation.setSafeAreaInsetsOverride', { insets: { top: 40, left: 50, right: 50, bottom: 30 } });
  await signIn(page, 'staff');
  await page.goto('/desk?centre=xizhan');
  await ready(page);
  const pixels = async (selector: string, side: string) => Number.parseFloat(await style(page, selector, `padding-${side}`));
  expect(await pixels('main.page', 'left')).toBeGreaterThanOrEqual(50);
  expect(await pixels('main.page', 'top')).toBeGreaterThanOrEqual(40);
  expect(await pixels('.done', 'top')).toBeGreaterThanOrEqual(40);
  expect(await pixels('.nav', 'bottom')).toBeGreaterThanOrEqual(30);
  await page.goto(`/calendar?centre=xizhan&whom=someone&by=phone`);
  await ready(page);
  expect(await pixels('.acting', 'top')).toBeGreaterThanOrEqual(40);
});

test('pulling does not reload, and the keyboard covers no button', async ({ page }) => {
  await openMap(page);
  expect(await style(page, 'html', 'overscroll-behavior-y')).toBe('contain');
  await expect(page.locator('meta[name=viewport]')).toHaveAttribute('content', /interactive-widget=resizes-content/);
});

test('what is to be touched is large enough', async ({ page }) => {
  await signIn(page, 'staff');
  const found = await page.request.post('/api/v1/centres/xizhan/people/search', { data: { text: '13800000000' } });
  const [person] = (await found.json()) as { id: string }[];
  const activities = (await (await page.request.get('/api/v1/centres/xizhan/activities')).json()) as { sessions: { room: string; state: string; start: string }[] }[];
  const session = activities.flatMap((one) => one.sessions).find((one) => one.state === 'confirmed' && one.start.slice(0, 10) > dayAhead(0));
  // Each place by the address that shows it.
  const places: [string, string][] = [
    ['/desk?centre=xizhan', '.applicants a'],
    [`/people/xizhan/${person!.id}?centre=xizhan`, '.plain li a'],
  ];
  for (const [path, selector] of places) {
    await page.goto(path);
    await ready(page);
    if (path.startsWith('/desk')) await deskTab(page, '待办');
    await expect(page.locator(selector).filter({ visible: true }), path).not.toHaveCount(0);
    const small = await page.locator(selector).evaluateAll((all) => all
      .filter((one) => one.checkVisibility())
      .map((one) => ({ text: one.textContent, box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.height < 43.5)
      .map(({ text, box }) => `${text}: ${Math.round(box.width)} × ${Math.round(box.height)}`));
    expect(small, `${path} ${selector}`).toEqual([]);
  }
  // In the calendar all of a block leads where its title does.
  await page.goto(`/calendar?centre=xizhan&day=${session!.start.slice(0, 10)}&room=${session!.room}`);
  await ready(page);
  const block = page.locator('.column-body .block').filter({ has: page.locator('a') }).filter({ visible: true }).first();
  await block.scrollIntoViewIfNeeded();
  const box = (await block.boundingBox())!;
  await page.mouse.click(box.x + 4, box.y + box.height - 6);
  await expect(page).toHaveURL(/\/activities\/xizhan\//);
});

test('where colours are forced, the focus is seen', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await openMap(page);
  await page.keyboard.press('Tab');
  await room(page, 'legal').focus();
  await page.keyboard.press('ArrowRight');
  const highlight = await page.evaluate(() => {
    const one = document.createElement('i');
    one.style.color = 'Highlight';
    document.body.append(one);
    const color = getComputedStyle(one).color;
    one.remove();
    return color;
  });
  expect(await style(page, '.plan .room:focus .fill', 'stroke')).toBe(highlight);
});
