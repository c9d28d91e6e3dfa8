const said = document.getElementById('said');

async function press(path, body) {
  const response = await fetch(path, { method: 'POST', body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error((await response.text()).trim());
  return response.json();
}

async function tap(body, words) {
  said.textContent = `${words}…`;
  try {
    await press('/tap', body);
    said.textContent = `${words}: done. Look at the display.`;
  } catch (error) {
    said.textContent = `${words}: ${error.message}`;
  }
}

function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

const house = await (await fetch('/house')).json();
for (const table of house.tables) {
  const button = element('button', table.name, { 'aria-label': `Tap the tag of table ${table.name}` });
  button.addEventListener('click', () => tap({ table: table.name }, `Tag of ${table.name}`));
  document.getElementById('taps').append(button);
  document.getElementById('scans').append(
    element('a', table.name, { href: table.url, target: '_blank', rel: 'noopener', 'aria-label': `Guest page of table ${table.name}` }),
  );
}
for (const [role, code] of Object.entries(house.codes)) {
  const term = document.createElement('dt');
  term.append(element('a', role, { href: `${house.url}/${role}`, target: '_blank', rel: 'noopener' }));
  document.getElementById('codes').append(term, element('dd', code));
}
document.getElementById('telegram').href = house.telegram;
document.getElementById('courses').hidden = !house.courses;
for (const button of document.querySelectorAll('[data-what]')) {
  button.addEventListener('click', () => tap({ what: button.dataset.what }, button.textContent));
}
for (const part of ['telegram', 'reader']) {
  for (const button of document.querySelectorAll(`[data-${part}]`)) {
    button.addEventListener('click', async () => {
      await press(`/${part}/${button.dataset[part]}`);
      said.textContent = `${button.textContent}: done.`;
    });
  }
}
setInterval(() => {
  document.getElementById('display').src = `/display.png?${Date.now()}`;
}, 1000);
