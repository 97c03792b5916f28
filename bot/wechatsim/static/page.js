// The chat page: draws what /sim/inbox holds, sends what people do, and learns
// of changes from one event stream.
import { make, button, face, faceClass, initial, drawer } from './items.js';

const $ = (id) => document.getElementById(id);
let state = { people: [], menu: [], clock: {} };
let me = null;             // whose phone it is
let last = 0;              // last item drawn
let lastAt = 0;            // its time, for the lines between
let clockAhead = 0;        // simulated minus browser time, ms
const pending = new Set(); // own items that still turn
let read = {};             // the last item seen, by person

// ── talking to the simulator ────────────────────────────────────────────
let queue = Promise.resolve(); // one after the other: what was tapped first arrives first
const post = (path, body) => {
  queue = queue.then(async () => {
    const raw = body instanceof Blob;
    const res = await fetch(path, {
      method: 'POST', body: raw ? body : JSON.stringify(body),
      headers: { 'Content-Type': raw ? 'application/octet-stream' : 'application/json' },
    });
    if (!res.ok) toast(await res.text());
    return res;
  }).catch(() => toast('没连上,等一下再试'));
  return queue;
};
const act = (deed) => me && post('/sim/act', { openid: me.openid, ...deed });
const say = (text) => text.trim() && act({ do: 'text', text });

let toastTimer;
function toast(text) {
  $('toast').textContent = text;
  $('toast').hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $('toast').hidden = true; }, 3500);
}

// ── the clock ───────────────────────────────────────────────────────────
const two = (n) => String(n).padStart(2, '0');
const local = (ms) => new Date(ms + state.clock.offset * 1000); // read with getUTC…
const hm = (d) => `${d.getUTCHours()}:${two(d.getUTCMinutes())}`;
const day = (d) => `${d.getUTCMonth() + 1}月${d.getUTCDate()}日(周${'日一二三四五六'[d.getUTCDay()]})`;
function tick() {
  if (state.clock.unix_ms === undefined) return;
  const d = local(Date.now() + clockAhead);
  const year = `${d.getUTCFullYear()}年`, rest = `${day(d)} ${hm(d)}`;
  if ($('clock').textContent !== year + rest) $('clock').replaceChildren(make('span', 'year', year), rest);
  $('status-time').textContent = hm(d);
}
setInterval(tick, 1000);
for (const b of document.querySelectorAll('#shifts button')) {
  b.onclick = async () => {
    await post('/sim/clock', { to: b.dataset.to });
    await loadState();
    toast('现在是 ' + $('clock').textContent);
  };
}

// ── people ──────────────────────────────────────────────────────────────
function drawPeople() {
  const list = document.createDocumentFragment();
  let unread = false;
  for (const p of state.people) {
    const b = button('person', undefined, () => choose(p.openid));
    b.dataset.testid = 'person-' + p.openid;
    b.dataset.openid = p.openid;
    const who = make('span', 'who');
    who.append(make('b', '', p.name), make('small', '', p.role + (p.followed ? '' : ' · 未关注')));
    b.append(face(p), who);
    if (me && p.openid === me.openid) b.setAttribute('aria-current', 'true');
    else if (p.seq > (read[p.openid] || 0)) {
      unread = true;
      const dot = make('span', 'dot');
      b.append(dot, make('span', 'hidden', '有新消息'));
    }
    const li = make('li');
    li.append(b);
    list.append(li);
  }
  const focused = document.activeElement?.dataset?.openid;
  $('people-list').replaceChildren(list);
  if (focused) document.querySelector(`[data-openid="${CSS.escape(focused)}"]`)?.focus();
  $('dot-any').hidden = !unread;
  $('people-open').setAttribute('aria-label', unread ? '换一个人,有新消息' : '换一个人');
  $('people-more').hidden = !state.more;
  $('people-more').querySelector('span').textContent = state.more || '';
}

function drawOwner() {
  $('whose').textContent = me ? `${me.name}的手机` : '';
  if (!me) return;
  $('card-face').className = faceClass(me);
  $('card-face').textContent = initial(me);
  $('card-name').textContent = me.name;
  $('card-role').textContent = me.role;
  $('card-note').textContent = me.note;
  $('card-code').hidden = !me.code;
  $('card-code').querySelector('code').textContent = me.code || '';
  $('card-follow').textContent = me.followed ? '取消关注' : '关注';
  $('card-block').setAttribute('aria-pressed', me.blocked);
  $('card-block').textContent = me.blocked ? '已拒收消息' : '拒收消息';
  $('foot').hidden = !me.followed;
  $('follow').hidden = me.followed;
  $('whose').textContent = me.typing ? '对方正在输入…' : `${me.name}的手机`;
}

function drawChips() {
  const sample = (n, what) => {
    const b = button('thumb', undefined, () => act({ do: 'sample', sample: n }));
    b.dataset.testid = 'photo-sample-' + n;
    b.setAttribute('aria-label', '发示例照片:' + what);
    const i = make('img');
    i.src = `/sim/sample/${n}.jpg`;
    i.alt = '';
    b.append(i);
    return b;
  };
  const words = [...(me.code && !me.try.some((t) => t.includes(me.code)) ? ['绑定 ' + me.code] : []), ...me.try];
  $('tries').replaceChildren(...words.map((t) => button('', t, () => say(t))));
  $('chips').replaceChildren(sample(1, '农家院子'), sample(2, '米和油'),
    ...words.map((t, i) => {
      const b = button('', t, () => say(t));
      b.dataset.testid = 'try-' + i;
      b.title = t;
      return b;
    }));
}

function choose(openid) {
  const p = state.people.find((x) => x.openid === openid);
  if (!p) return;
  me = p;
  location.hash = openid;
  last = 0; lastAt = 0;
  pending.clear();
  $('log').setAttribute('aria-busy', 'true');
  $('log').replaceChildren();
  closeOverlays();
  drawPeople(); drawOwner(); drawChips(); drawMenu();
  loadInbox();
}

// ── the menu ────────────────────────────────────────────────────────────
function tapMenu(b) {
  closeMenus();
  if (b.type === 'click') act({ do: 'click', key: b.key });
  else if (b.type === 'view') { act({ do: 'view', url: b.url }); openLink(b.url); }
  else toast('模拟器不演这种菜单');
}
function closeMenus() {
  for (const s of document.querySelectorAll('.sub')) s.hidden = true;
  for (const b of document.querySelectorAll('.menu [aria-expanded]')) b.setAttribute('aria-expanded', 'false');
}
function drawMenu() {
  const testid = (b, m, i) => { b.dataset.testid = 'menu-' + (m.key || i); return b; };
  $('menu').replaceChildren(...(me?.menu || state.menu || []).map((m, i) => {
    const cell = make('div');
    if (!m.sub_button?.length) {
      cell.append(testid(button('', m.name, () => tapMenu(m)), m, i));
      return cell;
    }
    const sub = make('div', 'sub');
    sub.hidden = true;
    sub.append(...m.sub_button.map((x, j) => testid(button('', x.name, () => tapMenu(x)), x, `${i}-${j}`)));
    const open = testid(button('', m.name, (e) => {
      const show = sub.hidden;
      closeMenus();
      sub.hidden = !show;
      open.setAttribute('aria-expanded', show);
      e.stopPropagation();
    }), {}, i);
    open.setAttribute('aria-haspopup', 'true');
    open.setAttribute('aria-expanded', 'false');
    cell.append(open, sub);
    return cell;
  }));
}
document.addEventListener('click', closeMenus);

// ── the chat ────────────────────────────────────────────────────────────
const drawItem = drawer({
  me: () => me, act, toast, loaded: () => toEnd(),
  open: (url) => openLink(url), href: (url) => phoneURL(url), day: (at) => day(local(Date.parse(at))),
});
const toEnd = () => { $('log').scrollTop = $('log').scrollHeight; };
let atEnd = true; // a panel that opens must not hide the last words
$('log').onscroll = () => { const l = $('log'); atEnd = l.scrollHeight - l.scrollTop - l.clientHeight < 40; };
new ResizeObserver(() => { if (atEnd) toEnd(); }).observe($('log'));
let loading = false, again = false;
async function loadInbox() {
  if (!me) return;
  if (loading) { again = true; return; }
  loading = true;
  const whose = me.openid;
  try {
    const after = pending.size ? Math.min(...pending) - 1 : last;
    const res = await fetch(`/sim/inbox?openid=${encodeURIComponent(whose)}&after=${after}`);
    const items = await res.json();
    if (whose === me.openid) drawItems(items);
  } catch { /* the stream's reconnect loads again */ }
  loading = false;
  if (again || whose !== me.openid) { again = false; loadInbox(); }
}
function drawItems(items) {
  for (const it of items) {
    if (it.pending) pending.add(it.seq); else pending.delete(it.seq);
    const old = document.querySelector(`#log [data-seq="${it.seq}"]`);
    if (old) { old.classList.toggle('pending', !!it.pending); continue; }
    if (it.seq <= last) continue;
    const at = Date.parse(it.at);
    if (at - lastAt > 5 * 60e3) {
      const d = local(at);
      $('log').append(make('li', 'when', `${day(d)} ${hm(d)}`));
    }
    lastAt = at;
    last = it.seq;
    const li = drawItem(it);
    // A short wait needs no sign.
    if (it.pending) setTimeout(() => pending.has(it.seq) && li.classList.add('pending'), 400);
    $('log').append(li);
  }
  for (const seq of pending) if (!items.some((it) => it.seq === seq)) pending.delete(seq);
  $('log').removeAttribute('aria-busy');
  remember(me.openid, last);
  if (items.length) toEnd();
}
function remember(openid, seq) {
  read[openid] = Math.max(seq, read[openid] || 0);
  sessionStorage.setItem('sim-read', JSON.stringify({ boot: state.boot, read }));
}

// ── links open in the phone ─────────────────────────────────────────────
const phoneURL = (url) => `/sim/open?openid=${encodeURIComponent(me.openid)}&url=${encodeURIComponent(url)}`;
let opener;
function openLink(url) {
  if (!/^https?:\/\//.test(url)) { toast('链接打不开'); return; }
  opener = document.activeElement;
  $('browser-title').textContent = '正在打开…';
  $('browser-out').href = phoneURL(url);
  $('browser-blocked').hidden = true;
  $('frame').hidden = false;
  $('frame').src = phoneURL(url);
  $('browser').hidden = false;
  $('browser-close').focus();
}
$('frame').onload = () => {
  if ($('browser').hidden) return;
  let title = '网页', ours = new URL($('browser-out').href).searchParams.get('url').startsWith(location.origin + '/');
  try {
    title = $('frame').contentDocument.title || title;
  } catch {
    if (ours) { $('browser-blocked').hidden = false; $('frame').hidden = true; }
  }
  $('browser-title').textContent = title;
};
function closeBrowser() {
  if ($('browser').hidden) return;
  $('browser').hidden = true;
  $('frame').src = 'about:blank';
  opener?.focus();
}
$('browser-close').onclick = closeBrowser;

// ── what the owner's fingers do ─────────────────────────────────────────
const input = $('chat-input');
const grow = () => { input.style.height = 'auto'; input.style.height = input.scrollHeight + 'px'; };
input.oninput = grow;
// Enter sends. Taken where the line break would go in: a keyboard on glass has
// no key events worth the name, and an input method's Enter is not one.
let shift = false;
input.onkeydown = (e) => { shift = e.shiftKey; };
input.addEventListener('beforeinput', (e) => {
  if (!/^insert(LineBreak|Paragraph)$/.test(e.inputType) || shift) return;
  e.preventDefault();
  $('form').requestSubmit();
});
$('form').onsubmit = (e) => {
  e.preventDefault();
  say(input.value);
  input.value = '';
  grow();
  input.focus();
};

function toggle(opener, panel) {
  const show = panel.hidden;
  panel.hidden = !show;
  opener.setAttribute('aria-expanded', show);
  if (show) panel.querySelector('input:not([type=file]), select, button')?.focus();
  toEnd();
}
const fold = (...ids) => {
  for (const [opener, panel] of ids) { $(panel).hidden = true; $(opener).setAttribute('aria-expanded', 'false'); }
};
$('voice-open').onclick = () => { fold(['plus-open', 'panel-plus']); toggle($('voice-open'), $('panel-voice')); };
$('plus-open').onclick = () => { fold(['voice-open', 'panel-voice']); toggle($('plus-open'), $('panel-plus')); };
$('place-open').onclick = () => { fold(['scan-open', 'panel-scan']); toggle($('place-open'), $('panel-place')); };
$('scan-open').onclick = () => { fold(['place-open', 'panel-place']); toggle($('scan-open'), $('panel-scan')); };
$('panel-voice').onsubmit = (e) => {
  e.preventDefault();
  act({ do: 'voice', recognition: $('voice-text').value.trim() });
  $('voice-text').value = '';
  fold(['voice-open', 'panel-voice']);
};
$('panel-place').onsubmit = (e) => {
  e.preventDefault();
  const o = $('place-name').selectedOptions[0];
  act({ do: 'place', text: o.text, lat: +o.dataset.lat, lng: +o.dataset.lng });
  fold(['place-open', 'panel-place'], ['plus-open', 'panel-plus']);
};
$('panel-scan').onsubmit = (e) => {
  e.preventDefault();
  const scene = $('scan-scene').value.trim();
  if (scene) act({ do: 'scan', scene });
  $('scan-scene').value = '';
  fold(['scan-open', 'panel-scan'], ['plus-open', 'panel-plus']);
};
$('photo-open').onclick = () => $('photo-file').click();
$('photo-file').onchange = () => {
  for (const f of $('photo-file').files) post(`/sim/photo?openid=${encodeURIComponent(me.openid)}`, f);
  $('photo-file').value = '';
  fold(['plus-open', 'panel-plus']);
};
const follow = () => act({ do: me.followed ? 'unfollow' : 'follow' });
$('follow-do').onclick = follow;
$('card-follow').onclick = follow;
$('card-block').onclick = () => act({ do: 'block', on: !me.blocked });
$('add-stranger').onclick = async () => {
  const res = await post('/sim/people', {});
  if (!res?.ok) return;
  const { openid } = await res.json();
  await loadState();
  choose(openid);
};

const overlay = (panel, opener, closer) => {
  $(opener).onclick = () => { $(panel).classList.add('open'); $(closer).focus(); };
  $(closer).onclick = () => { $(panel).classList.remove('open'); $(opener).focus(); };
};
overlay('people', 'people-open', 'people-close');
overlay('card', 'card-open', 'card-close');
function closeOverlays() { $('people').classList.remove('open'); $('card').classList.remove('open'); }
$('viewer-close').onclick = () => $('viewer').close();
$('viewer').onclick = (e) => { if (e.target === $('viewer')) $('viewer').close(); };
document.addEventListener('keydown', (e) => {
  if (e.key !== 'Escape') return;
  closeMenus(); closeOverlays(); closeBrowser();
});
document.addEventListener('click', (e) => {
  for (const panel of ['people', 'card']) {
    if (!$(panel).contains(e.target) && !$(panel + '-open').contains(e.target)) $(panel).classList.remove('open');
  }
});

// ── keeping up ──────────────────────────────────────────────────────────
async function loadState() {
  const res = await fetch('/sim/state');
  const was = state.boot;
  state = await res.json();
  if (was && was !== state.boot) return location.reload(); // another run: what is drawn is gone
  clockAhead = state.clock.unix_ms - Date.now();
  $('shifts').hidden = !state.clock.movable;
  tick();
  drawMenu();
  if (!me) {
    const kept = JSON.parse(sessionStorage.getItem('sim-read') || 'null');
    if (kept?.boot === state.boot) read = kept.read;
    else for (const p of state.people) remember(p.openid, p.seq); // what was there before is not news
    const wanted = decodeURIComponent(location.hash.slice(1));
    choose((state.people.find((p) => p.openid === wanted) || state.people[0])?.openid);
    return;
  }
  me = state.people.find((p) => p.openid === me.openid) || me;
  drawMenu();
  drawPeople(); drawOwner(); drawChips();
}
window.onhashchange = () => {
  const openid = decodeURIComponent(location.hash.slice(1));
  if (me && openid !== me.openid) choose(openid);
};

const stream = new EventSource('/sim/events');
stream.onopen = async () => { await loadState(); loadInbox(); };
stream.onmessage = (e) => {
  const { what, seqs } = JSON.parse(e.data);
  for (const p of state.people) if (seqs[p.openid] !== undefined) p.seq = seqs[p.openid];
  if (me && seqs[me.openid] !== undefined) loadInbox();
  if (what?.length) loadState();
  else drawPeople();
};
