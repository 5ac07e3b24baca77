import { createECDH } from 'node:crypto';
import { decrypt } from 'http_ece';
import { expect, type BrowserContext, type Page, type Worker } from '@playwright/test';
import { another, freeSlot, freshPhone, ready, signInByPhone, test } from '../pages/linli';
import { Receiver } from '../pages/receiver';

test.use({ serviceWorkers: 'allow' });

/** The service worker, at work for the page. */
async function worker(context: BrowserContext, page: Page): Promise<Worker> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, { timeout: 30_000 });
  return context.serviceWorkers()[0] ?? context.waitForEvent('serviceworker');
}

/**
 * Lets the browser subscribe at a push service beside the story: that of the browser's maker cannot be reached from a test. All else
 * is real: what the browser tells, the house's messages, their encryption, and what the service worker makes of them.
 */
async function subscribeAt(sw: Worker, endpoint: string, publicKey: string, auth: string): Promise<void> {
  await sw.evaluate(([endpoint, p256dh, auth]) => {
    const scope = globalThis as unknown as { registration: ServiceWorkerRegistration; subscribed: unknown; keyOfHouse: unknown };
    const manager = Object.getPrototypeOf(scope.registration.pushManager);
    const subscription = {
      endpoint,
      toJSON: () => ({ endpoint, expirationTime: null, keys: { p256dh, auth } }),
      unsubscribe: async () => { scope.subscribed = undefined; return true; },
    };
    manager.getSubscription = async () => scope.subscribed ?? null;
    manager.subscribe = async (options: { applicationServerKey: string }) => {
      scope.keyOfHouse = options.applicationServerKey;
      scope.subscribed = subscription;
      return subscription;
    };
  }, [endpoint, publicKey, auth]);
}

test('whoever has booked is asked once, and told on the phone when staff decide', async ({ page, context, browser, request, baseURL }, info) => {
  test.setTimeout(90_000);
  const service = await Receiver.open();
  await context.grantPermissions(['notifications']);
  const slot = await freeSlot(request, info, 'lecture-hall', 60, 4);
  await signInByPhone(page, freshPhone(info));
  const sw = await worker(context, page);
  const [keys, auth] = [createECDH('prime256v1'), Buffer.alloc(16, 7)];
  keys.generateKeys();
  await subscribeAt(sw, service.url('/send/1'), keys.getPublicKey('base64url'), auth.toString('base64url'));

  // Nobody asks before there is something to be told.
  await page.goto('/me');
  await ready(page);
  await expect(page.locator('.ask-push')).toHaveCount(0);
  await page.goto(`/book?room=lecture-hall&day=${slot.day}&at=${slot.at}&for=60`);
  await page.getByLabel('人数').first().fill('20');
  await page.locator('.form-end button.primary').click();
  await expect(page.locator('.ticket-state')).toHaveText('等待审批');
  const ticket = new URL(page.url()).pathname;
  const ask = page.locator('.ask-push');
  await expect(ask).toContainText('到时候提醒您？');
  await ask.getByRole('button', { name: '在这台设备上提醒我' }).click();
  await expect(ask).toHaveCount(0);

  // Day and night, for this story.
  await page.goto('/me');
  const section = page.locator('[aria-labelledby=push]');
  await expect(section).toContainText('这台设备会提醒您。');
  const saved = () => page.waitForResponse((one) => one.url().endsWith('/me/push') && one.request().method() === 'PUT');
  for (const name of ['quiet-from', 'quiet-until']) {
    const done = saved();
    await section.locator(`[name=${name}]`).fill('00:00');
    await section.locator(`[name=${name}]`).dispatchEvent('change');
    await done;
  }

  const staff = await another(browser, info, 'staff');
  const approved = await staff.request.post(`/api/v1/centres${ticket.replace('/bookings/xizhan/', '/xizhan/bookings/')}/decision`, {
    data: { approve: true },
    headers: { 'idempotency-key': `push-${slot.day}-${slot.at}-${Date.now()}` },
  });
  expect(approved.status(), await approved.text()).toBe(200);
  await expect.poll(() => service.received.length, { timeout: 45_000 }).toBe(1);
  const [message] = service.received;
  expect(message.headers.authorization).toMatch(/^vapid t=.+, k=.+/);
  const told = JSON.parse(decrypt(message.body, { version: 'aes128gcm', privateKey: keys, authSecret: auth.toString('base64url') }).toString());
  expect(told.body).toContain('理论宣讲平台');
  expect(told.page).toContain(ticket);

  // The browser gets it, whatever is open, and shows it. (To list what is shown while it is being shown makes Chromium forget it.)
  await sw.evaluate(() => {
    const scope = globalThis as unknown as { registration: ServiceWorkerRegistration; shown: string[] };
    scope.shown = [];
    const show = scope.registration.showNotification.bind(scope.registration);
    scope.registration.showNotification = (title, options) => show(title, options).then(
      () => { scope.shown.push(`${options?.body} ${options?.data.page}`); },
      (fault) => { scope.shown.push(String(fault)); throw fault; },
    );
  });
  const cdp = await context.newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => { if (registrations[0]) resolve(registrations[0].registrationId); });
  });
  await cdp.send('ServiceWorker.enable');
  await cdp.send('ServiceWorker.deliverPushMessage', { origin: baseURL!, registrationId: await registered, data: JSON.stringify(told) });
  await expect.poll(() => sw.evaluate(() => (globalThis as unknown as { shown: string[] }).shown)).toEqual([`${told.body} ${told.page}`]);

  // It ends where it began.
  await page.goto('/me');
  await page.locator('[aria-labelledby=push]').getByRole('button', { name: '这台设备不再提醒' }).click();
  await expect(page.locator('[aria-labelledby=push]').getByRole('button', { name: '在这台设备上提醒我' })).toBeVisible();
  const settings = await (await page.request.get('/api/v1/me/push')).json();
  expect(settings.devices).toEqual([]);
  service.close();
  await staff.context().close();
});

test('who says no is not asked again, and a kind that is off stays off', async ({ page, context, request }, info) => {
  await context.grantPermissions(['notifications']);
  const slot = await freeSlot(request, info, 'seniors', 60, 5);
  await signInByPhone(page, freshPhone(info));
  const sw = await worker(context, page);
  await subscribeAt(sw, 'https://push.example/none', createECDH('prime256v1').generateKeys('base64url'), Buffer.alloc(16).toString('base64url'));
  await page.goto(`/book?room=seniors&day=${slot.day}&at=${slot.at}&for=60`);
  await page.locator('.form-end button.primary').click();
  await page.locator('.ask-push').getByRole('button', { name: '不用了' }).click();
  await page.reload();
  await ready(page);
  await expect(page.locator('.ticket')).toBeVisible();
  await expect(page.locator('.ask-push')).toHaveCount(0);

  await page.goto('/me');
  const section = page.locator('[aria-labelledby=push]');
  await section.getByRole('button', { name: '在这台设备上提醒我' }).click();
  await expect(section).toContainText('这台设备会提醒您。');
  const saved = page.waitForResponse((one) => one.url().endsWith('/me/push') && one.request().method() === 'PUT');
  await section.locator('[name=push-waiting]').uncheck();
  await saved;
  await page.reload();
  await expect(section.locator('[name=push-waiting]')).not.toBeChecked();
  await expect(section.locator('[name=push-reminders]')).toBeChecked();
  // What concerns the work in a house is for those who work there.
  await expect(section.locator('[name=push-house]')).toHaveCount(0);
});
