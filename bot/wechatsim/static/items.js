// How the things in a chat look: bubbles, pictures, cards. All words are set as
// text, never as HTML. A phone is what a tap needs: me(), act(deed), open(url),
// href(url), toast(words), day(time), loaded().

export const make = (tag, className, text) => {
  const e = document.createElement(tag);
  if (className) e.className = className;
  if (text !== undefined) e.textContent = text;
  return e;
};
export const button = (className, text, onclick) => {
  const b = make('button', className, text);
  b.type = 'button';
  b.onclick = onclick;
  return b;
};
export const icon = (name) => {
  const ns = 'http://www.w3.org/2000/svg';
  const s = document.createElementNS(ns, 'svg');
  const u = document.createElementNS(ns, 'use');
  u.setAttribute('href', '#' + name);
  s.setAttribute('aria-hidden', 'true');
  s.append(u);
  return s;
};

export const faceClass = (p) => 'face f' + ([...p.openid].reduce((n, c) => n + c.charCodeAt(0), 0) % 6);
export const initial = (p) => [...(p.name || '?')].pop();
export const face = (p) => {
  const f = make('span', faceClass(p), initial(p));
  f.setAttribute('aria-hidden', 'true');
  return f;
};
const accountFace = () => {
  const f = make('span', 'face');
  const i = make('img');
  i.src = '/sim/static/heart.svg';
  i.alt = '';
  f.append(i);
  return f;
};

// drawer returns the function that draws an item for a phone.
export function drawer(phone) {
  // Words with links: <a href="…">…</a> as the platform allows, and bare URLs.
  function rich(text) {
    const out = document.createDocumentFragment();
    const form = /<a\s+[^>]*?href="([^"]*)"[^>]*>([\s\S]*?)<\/a>|(https?:\/\/[\w\-.~:/?#@!$&*+;=%,]*[\w/=#&%-])/g;
    let at = 0;
    for (const m of text.matchAll(form)) {
      out.append(text.slice(at, m.index));
      at = m.index + m[0].length;
      const url = m[1] ?? m[3], label = m[2] ?? m[3];
      const menu = /^weixin:\/\/bizmsgmenu\?(.*)$/.exec(url);
      if (menu) {
        const q = new URLSearchParams(menu[1]);
        out.append(button('link', label, () => phone.act({ do: 'choose', id: q.get('msgmenuid') || '', text: q.get('msgmenucontent') || label })));
      } else if (/^https?:\/\//.test(url)) {
        out.append(link(url, label));
      } else out.append(label);
    }
    out.append(text.slice(at));
    return out;
  }
  function link(url, label, className) {
    const a = make('a', className, label);
    a.href = phone.href(url);
    a.dataset.url = url;
    a.onclick = (e) => {
      if (e.ctrlKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      phone.open(url);
    };
    return a;
  }

  function picture(id) {
    const b = button('pic', undefined, () => { $('viewer-img').src = b.firstChild.src; $('viewer').showModal(); });
    b.setAttribute('aria-label', '照片,点开看大图');
    const i = make('img');
    i.src = '/sim/media/' + encodeURIComponent(id);
    i.alt = '照片';
    i.onload = phone.loaded;
    b.append(i);
    return b;
  }
  function sound(it) {
    const box = make('div');
    const b = button('bubble sound', undefined, () => {
      new Audio('/sim/media/' + encodeURIComponent(it.media_id)).play().catch(() => phone.toast('浏览器放不了这种语音'));
    });
    b.append(make('i'), make('i'), make('i'), make('span', '', it.from === 'me' ? '3″' : '语音'));
    b.setAttribute('aria-label', '语音,点一下播放');
    box.append(b);
    if (it.text) box.append(make('p', 'said', it.text));
    return box;
  }
  function spot(it) {
    const s = make('div', 'spot');
    const map = make('div');
    map.append(icon('i-place'));
    s.append(make('p', '', it.text || '位置'), make('small', '', `${it.lat.toFixed(4)}, ${it.lng.toFixed(4)}`), map);
    return s;
  }
  function card(it) {
    const c = make('article', 'tpl');
    c.dataset.testid = 'card';
    const dl = make('dl');
    for (const f of it.fields || []) dl.append(make('dt', '', f.label || f.key), make('dd', '', f.value));
    c.append(make('h3', '', it.title), make('time', '', phone.day(it.at)), dl);
    if (it.url) c.append(button('go', '查看详情', () => phone.open(it.url)));
    return c;
  }
  function news(it) {
    const n = make('div', 'news');
    for (const a of it.articles || []) {
      const b = button('go', undefined, () => phone.open(a.url));
      b.append(make('b', '', a.title), make('small', '', a.description));
      n.append(b);
    }
    return n;
  }
  function choices(it) {
    const b = make('div', 'bubble');
    b.append(rich(it.text || ''));
    const list = make('div', 'choices');
    for (const c of it.choices || []) list.append(button('', c.content, () => phone.act({ do: 'choose', id: c.id, text: c.content })));
    b.append(list);
    if (it.tail) b.append(rich(it.tail));
    return b;
  }
  function content(it) {
    switch (it.kind) {
      case 'image': return picture(it.media_id);
      case 'voice': return sound(it);
      case 'location': return spot(it);
      case 'card': return card(it);
      case 'news': return news(it);
      case 'menu': return choices(it);
    }
    const b = make('div', 'bubble');
    b.append(rich(it.text || ''));
    return b;
  }
  function row(it) {
    if (it.from === 'system') return make('li', it.kind === 'fault' ? 'note fault' : 'note', it.text);
    const li = make('li', 'msg ' + (it.from === 'me' ? 'me' : 'account'));
    li.dataset.seq = it.seq;
    li.dataset.kind = it.kind;
    li.dataset.via = it.via;
    const body = make('div', 'body' + (it.kind === 'card' || it.kind === 'news' ? ' wide-body' : ''));
    body.append(make('span', 'hidden', it.from === 'me' ? '我:' : '公众号:'), content(it));
    li.append(it.from === 'me' ? face(phone.me()) : accountFace(), body);
    return li;
  }
  return row;
}
