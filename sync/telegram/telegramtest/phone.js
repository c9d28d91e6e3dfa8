// Draws one simulated chat and sends what the guest touches. The server decides everything; this page only shows it.
'use strict';

const chat = document.body.dataset.chat;
let token = document.body.dataset.token;
const byId = (id) => document.getElementById(id);
const drawn = new Map(); // message number -> {node, json}
let blocked = false;
let toastTimer = 0;
let lastToast = -1; // the answer shown last; those from before this page was opened are not repeated

async function send(act, body = {}) {
  const answer = await fetch(`/chat/${chat}/${act}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) toast(await answer.text());
}

function toast(text) {
  const node = byId('toast');
  node.textContent = text;
  node.hidden = !text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { node.hidden = true; }, 4000);
}

const shown = new Set(['b', 'i', 'u', 's', 'code', 'pre', 'blockquote']);

function drawRun(run) {
  let node = document.createTextNode(run.text);
  for (const style of [...(run.styles ?? [])].reverse()) {
    const outer = document.createElement(style === 'a' ? 'a' : shown.has(style) ? style : 'span');
    if (style === 'a' && /^https?:/.test(run.href ?? '')) {
      Object.assign(outer, { href: run.href, target: '_blank', rel: 'noopener' });
    }
    outer.append(node);
    node = outer;
  }
  return node;
}

function drawButton(message, button) {
  if (button.url || button.webApp) {
    const link = document.createElement('a');
    link.href = button.url ?? `/chat/${chat}/open?url=${encodeURIComponent(button.webApp)}`;
    link.target = '_blank';
    link.rel = 'noopener';
    link.textContent = `${button.text} ↗`;
    return link;
  }
  const press = document.createElement('button');
  press.type = 'button';
  press.textContent = button.text;
  press.addEventListener('click', async () => {
    press.ariaBusy = 'true';
    await send('press', { message: message.id, data: button.data });
    setTimeout(() => { press.ariaBusy = 'false'; }, 800);
  });
  return press;
}

function drawMessage(message) {
  const item = document.createElement('li');
  item.className = message.fromBot ? 'theirs' : 'mine';
  item.dataset.message = message.id;
  const bubble = document.createElement('div');
  bubble.className = 'bubble';
  bubble.dir = 'auto';
  bubble.append(...message.runs.map(drawRun));
  const meta = document.createElement('span');
  meta.className = 'meta';
  meta.dir = 'ltr';
  const time = new Date(message.date).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  meta.textContent = [message.silent ? 'silent' : '', message.edits ? 'edited' : '', time].filter(Boolean).join(' · ');
  bubble.append(meta);
  item.append(bubble);
  for (const row of message.buttons ?? []) {
    const line = document.createElement('div');
    line.className = 'row';
    line.append(...row.map((button) => drawButton(message, button)));
    item.append(line);
  }
  return item;
}

function draw(view) {
  const list = byId('messages');
  const main = list.parentElement;
  const atEnd = main.scrollHeight - main.scrollTop - main.clientHeight < 80;
  const kept = new Set();
  for (const message of view.messages) {
    kept.add(message.id);
    const json = JSON.stringify(message);
    const before = drawn.get(message.id);
    if (before?.json === json) continue;
    const node = drawMessage(message);
    if (before) before.node.replaceWith(node); else list.append(node);
    drawn.set(message.id, { node, json });
  }
  for (const [id, { node }] of drawn) {
    if (!kept.has(id)) { node.remove(); drawn.delete(id); }
  }
  const mustStart = !view.started || view.blocked || Boolean(token);
  byId('hello').hidden = view.started;
  byId('start').hidden = !mustStart;
  byId('start').textContent = view.blocked ? 'RESTART BOT' : 'START';
  byId('write').hidden = mustStart;
  byId('block').textContent = view.blocked ? 'Unblock' : 'Block';
  blocked = view.blocked;
  const menu = byId('menu');
  menu.hidden = !view.menu;
  if (view.menu) {
    menu.textContent = view.menu.text;
    menu.href = `/chat/${chat}/open?url=${encodeURIComponent(view.menu.webApp)}`;
  }
  if (view.toast && lastToast >= 0 && view.toastAt !== lastToast) toast(view.toast);
  lastToast = view.toastAt;
  if (atEnd) main.scrollTop = main.scrollHeight;
}

async function follow() {
  let since = -1;
  for (;;) {
    try {
      const answer = await fetch(`/chat/${chat}/state?since=${since}`);
      if (!answer.ok) throw new Error(String(answer.status));
      const view = await answer.json();
      byId('offline').hidden = true;
      if (view.revision !== since) draw(view);
      since = view.revision;
    } catch {
      byId('offline').hidden = false;
      await new Promise((resolve) => setTimeout(resolve, 1500));
      since = -1;
    }
  }
}

byId('start').addEventListener('click', async () => {
  const used = token;
  token = '';
  history.replaceState(null, '', location.pathname);
  await send('start', { token: used });
});
byId('block').addEventListener('click', () => send(blocked ? 'unblock' : 'block'));
byId('write').addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = byId('text').value.trim();
  if (!text) return;
  byId('text').value = '';
  await send('text', { text });
});
follow();
