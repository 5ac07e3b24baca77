import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { dayAhead, ready, signIn, test } from '../pages/linli';

const pages = [
  '/', '/?list', '/?room=lecture-west&at=18:00&for=60', '/?centre=liuyi&floor=2', '/calendar', '/calendar?room=legal&week', '/calendar?month', '/calendar?agenda', '/book',
  '/book?room=legal&at=18:00&for=60', '/book?room=legal&at=18:00&for=600&people=99', '/me', '/desk', '/?wall', '/sign-in', '/nowhere',
  '/first-manager?key=x', '/activities', '/activities?q=%E4%B9%A6&left', '/clubs', '/household', '/messages', '/publish', '/cases', '/queue', '/nameless#0', '/audit', '/figures', '/roles', '/settings', '/closures?room=legal',
];

async function check(page: Page, where: string): Promise<void> {
  // What sticks lies over whatever is scrolled under it; another story looks that the focus is never there.
  await page.evaluate(() => document.querySelectorAll<HTMLElement>('.form-end, .acting').forEach((one) => { one.style.position = 'static'; }));
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  const told = violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join(' | ')}`);
  expect(told, where).toEqual([]);
}

for (const lang of ['zh-CN', 'en']) {
  for (const theme of ['light', 'dark']) {
    // Two of the four mixes are looked at on a phone, two at a desk.
    const where = (lang === 'en') === (theme === 'dark') ? '@phone' : '@desktop';
    test(`axe finds nothing on any page: ${lang}, ${theme} ${where}`, async ({ page, context, baseURL }) => {
      test.setTimeout(300_000);
      // Nothing may be redrawn or fade under the eyes of axe: not by other stories' bookings, not by a transition.
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await page.route('**/events*', (route) => route.abort());
      await signIn(page, 'manager');
      await context.addCookies([
        { name: 'lang', value: lang, url: baseURL! },
        { name: 'theme', value: theme, url: baseURL! },
      ]);
      const answer = await page.request.get('/api/v1/centres/xizhan/activities');
      const all = (await answer.json()) as { id: string; pick_up: boolean; sessions: { id: string }[] }[];
      const children = all.find((one) => one.pick_up)!;
      const found = await page.request.post('/api/v1/centres/xizhan/people/search', { data: { text: '13800000000' } });
      const [caller] = (await found.json()) as { id: string }[];
      const acting = `whom=${caller.id}&by=phone`;
      const desk = await page.request.get(`/api/v1/centres/xizhan/desk/${dayAhead(1)}`);
      const { bookings } = (await desk.json()) as { bookings: { id: string }[] };
      const queue = await page.request.post('/api/v1/centres/xizhan/cases/search', { data: {} });
      const { cases: [first] } = (await queue.json()) as { cases: { id: string }[] };
      const more = [
        `/cases/xizhan/${first!.id}`,
        `/bookings/xizhan/${bookings[0]!.id}`, `/activities/xizhan/${children.id}`, `/attendance/xizhan/${children.sessions[0].id}`, `/people/xizhan/${caller.id}`,
        `/activities/xizhan/${children.id}?${acting}`, `/book?room=legal&at=18:00&for=60&${acting}`, `/?${acting}`,
        `/api/v1/centres/xizhan/activities/${children.id}/poster`,
      ];
      for (const path of [...pages, ...more]) {
        await page.goto(path);
        await ready(page);
        await page.waitForLoadState('networkidle');
        // Tables and forms that open by themselves are looked at as well.
        await page.evaluate(() => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
        await page.evaluate(() => document.querySelectorAll<HTMLElement>('main button[aria-expanded="false"]').forEach((one) => one.click()));
        await ready(page);
        await check(page, path);
      }
    });
  }
}

test('axe finds nothing on the page that the server draws', async ({ browser }, info) => {
  const context = await browser.newContext({ ...info.project.use });
  const page = await context.newPage();
  // The program never arrives; scripts must run for axe.
  await page.route('**/*.wasm', (route) => route.abort());
  await page.goto('/');
  await expect(page.locator('#shell .plan')).toBeVisible();
  await check(page, 'shell');
  await context.close();
});

for (const [view, cookie] of [['the plain view', ''], ['the view for elders', 'elder']] as const) {
  test(`nothing is cut off at 320 px, in large letters, or from right to left: ${view} @phone`, async ({ browser, baseURL }, info) => {
    // Each page of the house is opened.
    test.slow();
    const context = await browser.newContext({ ...info.project.use, viewport: { width: 320, height: 640 } });
    const page = await context.newPage();
    await signIn(page, 'manager');
    if (cookie) await context.addCookies([{ name: cookie, value: '1', url: baseURL! }]);
    for (const path of ['/', '/?list', `/book?room=legal&day=${dayAhead(1)}&at=18:00&for=60`, '/me', '/desk', '/calendar', '/sign-in', '/activities', '/clubs', '/household', '/publish', '/cases', '/queue', '/audit', '/figures', '/roles', '/closures', '/settings']) {
      await page.goto(path);
      await ready(page);
      for (const dir of ['ltr', 'rtl']) {
        await page.evaluate((dir) => { document.documentElement.dir = dir; }, dir);
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(beyond, `${path} ${dir}`).toBeLessThanOrEqual(0);
        // A word is not cut inside its button, nor broken in the bar.
        const cut = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('.button, .chip, .tool, .place')]
          .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent));
        expect(cut, `${path} ${dir}`).toEqual([]);
      }
    }
    await context.close();
  });
}
