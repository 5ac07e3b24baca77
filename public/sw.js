// Service worker: what was seen last, and what waits to be sent, for when there is no network. The program comes from here once it is
// installed; pages and answers come from the network first, and from here, marked with their age, where it is silent. Acts that could
// not be sent wait in the outbox and are sent in their order, each under its key, so that it is done once.
'use strict';

// The server puts in the files of this build.
const FILES = [/*FILES*/];
const BUILD = FILES.join();
// Other pages open in this one: the program draws them.
const SHELL = '/me';
const PUBLIC = 'public';
// What one person sees: gone with the session.
const MINE = 'mine';
// How long the network is waited for where something is kept, in milliseconds.
const PATIENCE = 5000;
const KEPT = 'linli-kept';
// How many weeks of rooms are kept.
const MOST_WEEKS = 40;
// How many of one's bookings are kept with their tickets.
const MOST_TICKETS = 20;

// The same for everybody.
const OPEN = [/^\/centres$/, /^\/centres\/[^/]+$/, /^\/centres\/[^/]+\/(occupancy\/[0-9-]+\/\d+|activities|activities\/[^/]+|clubs)$/];
const TICKET = /^\/centres\/[^/]+\/bookings\/[^/]+$/;
// A sheet that whoever runs a session has opened: for the day.
const SHEET = /^\/centres\/[^/]+\/attendance\/[^/]+$/;
const SHEET_KEPT = 24 * 3600;
const OWN = [/^\/me$/, /^\/me\/(bookings|waits|sign-ups|household|letters|clubs)$/, TICKET, SHEET];
// What ends a session on this device: nothing waits any more, also where the network is gone.
const LEAVES = [/^\/me\/sessions?$/];
const ENDS = [/^\/sign-in/, /^\/demo\/sign-in$/, /^\/first-manager$/, /^\/me$/, /^\/me\/sessions?$/];

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(BUILD).then((cache) => cache.addAll([...FILES, SHELL])));
});

self.addEventListener('activate', (event) => {
  const drop = async () => {
    // A page of another build names files that are gone.
    for (const name of await caches.keys()) {
      if (![BUILD, MINE].includes(name)) await caches.delete(name);
    }
    await self.clients.claim();
  };
  event.waitUntil(drop());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const path = url.pathname.startsWith('/api/v1/') ? url.pathname.slice('/api/v1'.length) : null;
  if (url.pathname === '/push') {
    event.respondWith(answerPush(request));
    return;
  }
  if (url.pathname.startsWith('/outbox')) {
    event.respondWith(answerOutbox(url, request.method));
    return;
  }
  if (request.method !== 'GET') {
    if (path === '/me') {
      // An account that is erased; a name that is changed ends nothing.
      if (request.method === 'DELETE') event.respondWith(erase(request));
      return;
    }
    if (path !== null && ENDS.some((one) => one.test(path))) event.waitUntil(caches.delete(MINE));
    if (request.method === 'DELETE' && LEAVES.some((one) => one.test(path))) event.waitUntil(outbox('readwrite', (box) => box.clear()));
    if (request.headers.has(WORDS)) event.respondWith(sendOrKeep(request));
    return;
  }
  if (path !== null) {
    if (OPEN.some((one) => one.test(path))) event.respondWith(networkFirst(event, PUBLIC, request));
    else if (OWN.some((one) => one.test(path))) event.respondWith(networkFirst(event, MINE, request));
    return;
  }
  if (request.mode === 'navigate') event.respondWith(navigate(event));
  else if (/-[0-9a-f]{12,16}\./.test(url.pathname)) event.respondWith(cacheFirst(request));
});

// The browser says when the network is back, also where no page is open (Background Sync).
self.addEventListener('sync', (event) => {
  const send = async () => {
    await sendAll();
    if ((await waiting()).length > 0) throw new Error('the network is still gone');
  };
  event.waitUntil(send());
});

// A push message (W3C Push API): it is shown, whatever page is open.
self.addEventListener('push', (event) => {
  let told = {};
  try {
    told = event.data.json();
  } catch {
    // A message that is none of ours still must be shown.
  }
  const { title = 'Linli', body = '', lang = '', page = '/messages', tag } = told;
  event.waitUntil(self.registration.showNotification(title, { body, lang, tag, icon: '/icon-192.png', data: { page } }));
});

// Whoever taps a message comes to what it is about, in the page that is open where there is one.
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { page } = event.notification.data;
  const open = async () => {
    const [window] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
    if (!window) return self.clients.openWindow(page);
    await window.focus();
    return window.navigate(page).catch(() => self.clients.openWindow(page));
  };
  event.waitUntil(open());
});

/** What the device kept goes with the account, once the house has erased it. */
async function erase(request) {
  const response = await fetch(request);
  if (response.ok) {
    await caches.delete(MINE);
    await outbox('readwrite', (box) => box.clear());
  }
  return response;
}

/** How this browser subscribes to push messages: asked, made by the key of the house, or ended. */
async function answerPush(request) {
  const manager = self.registration.pushManager;
  const reply = (subscription) => Response.json(subscription ? subscription.toJSON() : null);
  try {
    const now = await manager.getSubscription();
    if (request.method === 'GET') return reply(now);
    if (now) await now.unsubscribe();
    if (request.method !== 'POST') return reply(null);
    return reply(await manager.subscribe({ userVisibleOnly: true, applicationServerKey: await request.text() }));
  } catch (cause) {
    return Response.json({ message: String(cause) }, { status: 409 });
  }
}

/** The files of a build are named by what is in them: what is here is right. */
async function cacheFirst(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) put(await caches.open(BUILD), request, response.clone());
  return response;
}

/** Keeps an answer; where there is no room for it, it is not kept, and that is all. */
async function put(cache, request, response) {
  try {
    await cache.put(request, response);
    const keys = await cache.keys();
    const old = keys.filter((one) => one.url.includes('/occupancy/')).slice(0, -MOST_WEEKS);
    for (const one of keys.filter(isSheet)) {
      const kept = await cache.match(one, { ignoreVary: true });
      if (kept && age(kept) < Date.now() / 1000 - SHEET_KEPT) old.push(one);
    }
    for (const one of old) await cache.delete(one);
  } catch {
    // The answer itself is there.
  }
}

/** Whether it asks for an attendance sheet. */
function isSheet(request) {
  return SHEET.test(new URL(request.url).pathname.slice('/api/v1'.length));
}

/** When a kept answer was given, in seconds UTC. */
function age(response) {
  return Math.floor(Date.parse(response.headers.get('date') ?? '') / 1000) || 0;
}

/** A kept answer, marked as such. */
async function mark(response, at = age(response)) {
  const headers = new Headers(response.headers);
  headers.set(KEPT, String(at));
  // It lies here unpacked.
  headers.delete('content-encoding');
  headers.delete('content-length');
  const isPage = (headers.get('content-type') ?? '').startsWith('text/html');
  if (!isPage) return new Response(response.body, { status: response.status, headers });
  const html = (await response.text()).replace('<html ', `<html data-kept="${at}" `);
  return new Response(html, { status: response.status, headers });
}

/** The answer of the network, or what is kept where it is silent for too long. */
async function networkFirst(event, name, request) {
  const cache = await caches.open(name);
  const find = async () => {
    const kept = await cache.match(request, { ignoreVary: true });
    // The children of a day are not looked at for longer.
    if (!kept || !isSheet(request) || age(kept) > Date.now() / 1000 - SHEET_KEPT) return kept;
    await cache.delete(request);
    return undefined;
  };
  const asked = fetch(request).then(async (response) => {
    if (response.ok) event.waitUntil(keep(cache, name, request, response.clone()).catch(() => {}));
    else if (response.status === 401) await caches.delete(MINE);
    return response;
  });
  event.waitUntil(asked.catch(() => {}));
  const silent = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(find);
  try {
    // A gateway that is there without its server is as silent as none.
    const first = await Promise.race([asked, silent.then((kept) => (kept ? mark(kept) : asked))]);
    const kept = first.status >= 502 ? await find() : undefined;
    return kept ? await mark(kept) : first;
  } catch (cause) {
    const kept = await find();
    if (kept) return mark(kept);
    throw cause;
  }
}

/** Whose answer of `/me` it is. */
async function who(response) {
  return response && (await response.clone().json()).profile?.id;
}

async function keep(cache, name, request, response) {
  const path = new URL(request.url).pathname.slice('/api/v1'.length);
  if (name === MINE) {
    const known = await who(await cache.match('/api/v1/me', { ignoreVary: true }));
    if (path === '/me') {
      const now = await who(response);
      if (now !== known) await caches.delete(MINE);
      if (!now) return;
      cache = await caches.open(MINE);
    } else if (!known || (TICKET.test(path) && (await response.clone().json()).person !== known)) {
      // A ticket of somebody else is looked at, not kept.
      return;
    }
  }
  await put(cache, request, response.clone());
  if (path === '/me/bookings') await keepTickets(cache, response);
}

/** Each of one's bookings is its ticket as well. */
async function keepTickets(cache, response) {
  const all = await response.clone().json();
  const coming = all.filter((one) => ['requested', 'confirmed'].includes(one.state)).slice(0, MOST_TICKETS);
  for (const one of coming) {
    const headers = { 'content-type': 'application/json', date: response.headers.get('date') ?? '' };
    await put(cache, `/api/v1/centres/${one.centre}/bookings/${one.id}`, new Response(JSON.stringify(one), { headers }));
  }
}

/** A page: the newest, else as it was seen last, else any, in which the program draws it. */
async function navigate(event) {
  const { request } = event;
  const cache = await caches.open(PUBLIC);
  const path = new URL(request.url).pathname;
  const find = async () => {
    const seen = await cache.match(path, { ignoreVary: true });
    // Of the page that others open in nobody has seen anything: it has no age.
    return seen ? mark(seen) : mark(await caches.match(SHELL, { ignoreVary: true }), 0);
  };
  const asked = fetch(request).then(async (response) => {
    // The map is the page that people come back to; of others the program draws what it knows.
    if (response.ok && path === '/') event.waitUntil(put(cache, path, response.clone()));
    return response;
  });
  event.waitUntil(asked.catch(() => {}));
  const silent = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(find);
  try {
    const first = await Promise.race([asked, silent]);
    return first.status >= 502 ? await find() : first;
  } catch {
    return find();
  }
}

// The header by which a page says what an act is, in words, percent-encoded: it may wait.
const WORDS = 'linli-outbox';
const PERSON = 'linli-person';
// Which headers go along when it is sent later.
const CARRIED = ['content-type', 'idempotency-key', 'linli-channel', PERSON];
// What waited for longer is not sent, in milliseconds: the server knows for a day what was done under a key.
const TOO_OLD = 23 * 3600 * 1000;
// How long what became of an act is kept.
const FORGOTTEN = 7 * 24 * 3600 * 1000;
// How long an answer to what waited may take, in milliseconds.
const SENT_WITHIN = 10_000;
// Statuses after which it may succeed without any change: whoever must sign in again does so, the rest passes.
const LATER = [401, 408, 429];

/** Works on the outbox; gives what the work gives. */
async function outbox(mode, work) {
  const db = await new Promise((resolve, reject) => {
    const asked = indexedDB.open('linli', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore('outbox', { keyPath: 'id', autoIncrement: true });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  try {
    return await new Promise((resolve, reject) => {
      const tx = db.transaction('outbox', mode);
      const asked = work(tx.objectStore('outbox'));
      tx.oncomplete = () => resolve(asked.result);
      tx.onabort = () => reject(tx.error);
    });
  } finally {
    db.close();
  }
}

/** The acts of whoever is signed in; those of others are neither shown nor sent. */
async function own() {
  const cache = await caches.open(MINE);
  const known = () => cache.match('/api/v1/me', { ignoreVary: true });
  let person = await who(await known());
  if (person === undefined) {
    // Whoever has just signed in was not asked for yet.
    const response = await fetch('/api/v1/me').catch(() => null);
    if (response?.ok) {
      person = await who(response);
      await keep(cache, MINE, new Request(new URL('/api/v1/me', location.origin)), response);
    }
  }
  const all = await outbox('readonly', (box) => box.getAll());
  return all.filter((one) => person !== undefined && one.headers[PERSON] === person);
}

async function waiting() {
  return (await own()).filter((one) => one.state === 'waiting');
}

/** Sends an act; without a network it waits. What came first goes first. */
async function sendOrKeep(request) {
  const copy = request.clone();
  // Where the device keeps nothing, acts go out all the same.
  const some = () => waiting().then((all) => all.length > 0, () => false);
  const stopped = await some() ? await sendAll().catch(() => null) : null;
  // Where the house itself stopped what waits (one must sign in again, or it was too much at once), that holds for this as well: what
  // came first goes first.
  if (stopped) return new Response(stopped.body, { status: stopped.status, headers: { 'content-type': 'application/json' } });
  if (!await some()) {
    try {
      const response = await fetch(request);
      // The house itself says why; a gateway without it is as silent as no network.
      const isOurs = (response.headers.get('content-type') ?? '').includes('json');
      if (response.status < 502 || isOurs) return response;
    } catch (cause) {
      if (request.signal.aborted) throw cause;
    }
  }
  const { pathname } = new URL(copy.url);
  const body = await copy.text();
  const headers = Object.fromEntries(CARRIED.filter((one) => copy.headers.has(one)).map((one) => [one, copy.headers.get(one)]));
  const words = decodeURIComponent(copy.headers.get(WORDS));
  // The page has given up, and said so.
  if (request.signal.aborted) throw new DOMException('', 'AbortError');
  // Pressed twice in a row it is meant once.
  const last = (await waiting()).filter((one) => one.path === pathname && one.words === words).at(-1);
  if (!last || last.method !== copy.method || last.body !== body) {
    const act = { path: pathname, method: copy.method, headers, body, words, at: Date.now(), state: 'waiting', answer: '' };
    await outbox('readwrite', (box) => box.add(act));
  }
  // Browsers without it send when a page is open.
  await self.registration.sync?.register('outbox').catch(() => {});
  return new Response('{}', { status: 202, headers: { [WORDS]: 'kept' } });
}

let sending = null;
// The act that is on its way: it is not taken back any more.
let flying = null;
// What was taken back since this worker began.
const taken = new Set();

/** Sends what waits, one after the other, until one cannot be sent: gives the answer that stopped it, where one did. Several who ask wait
 * for the same. */
function sendAll() {
  sending ??= sendEach().finally(() => { sending = null; flying = null; });
  return sending;
}

async function sendEach() {
  // Nobody's acts lie here for ever.
  for (const one of await outbox('readonly', (box) => box.getAll())) {
    if (Date.now() - one.at > FORGOTTEN) await outbox('readwrite', (box) => box.delete(one.id));
  }
  for (const act of await waiting()) {
    flying = act.id;
    // Taken back meanwhile.
    if (!await outbox('readonly', (box) => box.get(act.id))) continue;
    if (Date.now() - act.at > TOO_OLD) {
      await tell({ ...act, state: 'old' });
      continue;
    }
    if (taken.has(act.id)) continue;
    // From now on nobody knows whether it arrived, until it is answered.
    if (!act.tried) await tell({ ...act, tried: true });
    let response;
    try {
      const signal = AbortSignal.timeout?.(SENT_WITHIN);
      response = await fetch(act.path, { method: act.method, headers: act.headers, body: act.body, signal });
    } catch {
      return null;
    }
    if (response.status >= 502) return null;
    if (LATER.includes(response.status)) return { status: response.status, body: await response.text().catch(() => '{}') };
    // A sheet with its people is not kept.
    const isSheet = act.path.includes('/attendance');
    const answer = response.ok && isSheet ? '' : await response.text().catch(() => '');
    await tell({ ...act, state: response.ok ? 'done' : 'refused', answer });
  }
  return null;
}

/** What became of an act, unless it was wiped while it was on its way. */
async function tell(act) {
  await outbox('readwrite', (box) => {
    const asked = box.get(act.id);
    asked.onsuccess = () => { if (asked.result) box.put(act); };
    return asked;
  });
}

/** `/outbox` lists the acts, after an attempt to send them; `DELETE /outbox/N` takes one back, or puts away what became of it. */
async function answerOutbox(url, method) {
  const json = (body, status) => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
  if (method === 'DELETE') {
    const id = Number(url.pathname.split('/').pop());
    if (id === flying) return json({}, 409);
    taken.add(id);
    const act = await outbox('readonly', (box) => box.get(id));
    await outbox('readwrite', (box) => box.delete(id));
    return json({ tried: act?.state === 'waiting' && Boolean(act.tried) }, 200);
  }
  await Promise.race([sendAll().catch(() => {}), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  return json((await own()).map(({ id, words, state, answer, tried }) => ({ id, words, state, answer, tried: Boolean(tried) })), 200);
}
