// Service worker: what was seen last, for when there is no network. The program comes from here once it is installed; pages and
// answers come from the network first, and from here, marked with their age, where it is silent.
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

const OPEN = [/^\/centres$/, /^\/centres\/[^/]+$/, /^\/centres\/[^/]+\/(occupancy|activities|clubs)(\/|$)/];
const OWN = [/^\/me$/, /^\/me\/(bookings|waits|sign-ups|household|letters|clubs)$/, /^\/centres\/[^/]+\/(bookings|series)\/[^/]+$/];
const ENDS = [/^\/sign-in/, /^\/demo\/sign-in$/, /^\/first-manager$/, /^\/me$/, /^\/me\/sessions?$/];

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(BUILD).then((cache) => cache.addAll([...FILES, SHELL])));
});

self.addEventListener('activate', (event) => {
  const drop = async () => {
    for (const name of await caches.keys()) {
      if (![BUILD, PUBLIC, MINE].includes(name)) await caches.delete(name);
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
  if (request.method !== 'GET') {
    if (path !== null && ENDS.some((one) => one.test(path))) event.waitUntil(caches.delete(MINE));
    return;
  }
  if (path !== null) {
    if (OPEN.some((one) => one.test(path))) event.respondWith(networkFirst(event, PUBLIC, request));
    else if (OWN.some((one) => one.test(path))) event.respondWith(networkFirst(event, MINE, request));
    return;
  }
  if (request.mode === 'navigate') event.respondWith(navigate(event));
  else if (/-[0-9a-f]{16}/.test(url.pathname)) event.respondWith(cacheFirst(request));
});

/** The files of a build are named by what is in them: what is here is right. */
async function cacheFirst(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(BUILD)).put(request, response.clone());
  return response;
}

/** When a kept answer was given, in seconds UTC. */
function age(response) {
  return Math.floor(Date.parse(response.headers.get('date') ?? '') / 1000) || 0;
}

/** A kept answer, marked as such. */
async function mark(response) {
  const headers = new Headers(response.headers);
  headers.set(KEPT, String(age(response)));
  // It lies here unpacked.
  headers.delete('content-encoding');
  headers.delete('content-length');
  const isPage = (headers.get('content-type') ?? '').startsWith('text/html');
  if (!isPage) return new Response(response.body, { status: response.status, headers });
  const html = (await response.text()).replace('<html ', `<html data-kept="${age(response)}" `);
  return new Response(html, { status: response.status, headers });
}

/** The answer of the network, or what is kept where it is silent for too long. */
async function networkFirst(event, name, request) {
  const cache = await caches.open(name);
  const find = () => cache.match(request, { ignoreVary: true });
  const asked = fetch(request).then(async (response) => {
    if (response.ok) await keep(cache, name, request, response.clone());
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

async function keep(cache, name, request, response) {
  if (name === MINE && new URL(request.url).pathname === '/api/v1/me') {
    const who = async (one) => (one ? (await one.clone().json()).profile?.id : undefined);
    if (await who(response) !== await who(await cache.match(request, { ignoreVary: true }))) {
      await caches.delete(MINE);
      await (await caches.open(MINE)).put(request, response);
      return;
    }
  }
  await cache.put(request, response);
}

/** A page: the newest, else as it was seen last, else any, in which the program draws it. */
async function navigate(event) {
  const { request } = event;
  const cache = await caches.open(PUBLIC);
  const path = new URL(request.url).pathname;
  const find = async () => (await cache.match(path, { ignoreVary: true })) ?? caches.match(SHELL, { ignoreVary: true });
  const asked = fetch(request).then(async (response) => {
    // The map is the page that people come back to; of others the program draws what it knows.
    if (response.ok && path === '/') await cache.put(path, response.clone());
    return response;
  });
  event.waitUntil(asked.catch(() => {}));
  const silent = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(find);
  try {
    return await Promise.race([asked, silent.then((kept) => (kept ? mark(kept) : asked))]);
  } catch (cause) {
    const kept = await find();
    if (kept) return mark(kept);
    throw cause;
  }
}
