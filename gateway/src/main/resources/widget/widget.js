// Chat widget for web pages; see docs/widget.md. Texts become text nodes and links, never
// markup. Styles are set by the CSSOM, so a content security policy needs none.
(() => {
  "use strict";

  const script = document.currentScript;
  const { channel, title = "Chat", userId = "", userName = "", ...options } = script.dataset;
  if (!channel || document.getElementById("agentledger-widget")) return;

  const base = new URL(`widget/${encodeURIComponent(channel)}/`, script.src);
  const greeting = options.greeting ?? "Hello! How can we help you?";
  const color = /^#[0-9a-f]{6}$/i.test(options.color) ? options.color : "#1d5fd1";
  const RETRY_MAX_MS = 30_000;
  const SILENCE_MAX_MS = 45_000; // The service sends a comment each 15 s.

  // State of this browser

  const storageKey = `agentledger.widget.${channel}`;

  function stored() {
    try {
      return JSON.parse(localStorage.getItem(storageKey)) ?? {};
    } catch {
      return {}; // Without a storage, the state lasts as long as the page.
    }
  }

  const { user = "", ...kept } = stored();
  const state = user === userId ? kept : { key: kept.key };

  function save(changes) {
    Object.assign(state, { user: userId }, changes);
    try {
      localStorage.setItem(storageKey, JSON.stringify(state));
    } catch {
      // See above.
    }
  }

  function random(bytes) {
    const values = [...crypto.getRandomValues(new Uint8Array(bytes))];
    return values.map((value) => value.toString(16).padStart(2, "0")).join("");
  }

  // Requests

  function post(body) {
    return {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    };
  }

  async function send(path, request) {
    const response = await fetch(new URL(path, base), { credentials: "omit", ...request });
    if (response.ok) return response;
    const isFinal = response.status < 500 && response.status !== 429;
    const retryAfterMs = 1000 * response.headers.get("Retry-After");
    throw Object.assign(new Error(response.status), { isFinal, retryAfterMs });
  }

  let visit;

  /** Returns a valid token, by one request of all callers. */
  function token() {
    if (state.token && state.expires > Date.now() + 10_000) return state.token;
    return (visit ??= requestToken().finally(() => (visit = undefined)));
  }

  async function requestToken() {
    if (!userId) save({ key: state.key ?? stored().key ?? random(32) });
    const { userExpires, userSignature } = options;
    const body = userId
      ? { user: { id: userId, expires: Number(userExpires), signature: userSignature } }
      : { visitor_key: state.key };
    if (userName) body.name = userName.slice(0, 100);
    const granted = await (await send("visits", post(body))).json();
    save({ token: granted.token, expires: Date.parse(granted.expires_at) });
    return granted.token;
  }

  /** Sends a request with a token; replaces an invalid one once. */
  async function authorized(path, request = {}, isRepeated = false) {
    const headers = { ...request.headers, Authorization: `Bearer ${await token()}` };
    try {
      return await send(path, { ...request, headers });
    } catch (error) {
      if (error.message !== "401" || isRepeated) throw error;
      save({ token: "" });
      return authorized(path, request, true);
    }
  }

  /** Waits, longer after each failure, or until the browser is online. */
  function pause(failures, error) {
    const limit = Math.min(RETRY_MAX_MS, 1000 * 2 ** failures);
    const delay = Math.max(error?.retryAfterMs || 0, limit * (0.5 + Math.random() / 2));
    return new Promise((resolve) => {
      setTimeout(resolve, delay);
      addEventListener("online", resolve, { once: true, signal: AbortSignal.timeout(delay) });
    });
  }

  // Elements

  function element(tag, properties = {}, ...children) {
    const created = document.createElement(tag);
    for (const [name, value] of Object.entries(properties))
      if (name in created) created[name] = value;
      else created.setAttribute(name, value);
    created.append(...children);
    return created;
  }

  function icon(path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS(svg.namespaceURI, "path");
    shape.setAttribute("d", path);
    svg.append(shape);
    return svg;
  }

  const CHAT = "M4 3h16a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3h-7l-6 5v-5H4a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3Z";
  const CROSS =
    "m6.4 5 5.6 5.6L17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4Z";
  const ARROW = "M3.4 20.6 21.5 12 3.4 3.4l-.1 6.7L15 12 3.3 13.9Z";

  const button = (properties, ...children) =>
    element("button", { type: "button", ...properties }, ...children);

  const badge = element("span", { class: "badge", hidden: true });
  const launcher = button({ class: "launcher", ariaHasPopup: "dialog" }, icon(CHAT), badge);
  const closer = button({ class: "close", ariaLabel: "Close chat" }, icon(CROSS));
  const earlier = button({ class: "earlier", hidden: true }, "Earlier messages");
  const list = element("ol");
  const log = element(
    "div",
    { class: "log", role: "log", tabIndex: 0, ariaLabel: "Messages" },
    earlier,
    list,
  );
  const status = element("p", { class: "status", role: "status" });
  const input = element("textarea", {
    rows: 1,
    maxLength: 4000,
    placeholder: "Write a message…",
    ariaLabel: "Message",
  });
  const submit = button(
    { class: "send", type: "submit", disabled: true, ariaLabel: "Send" },
    icon(ARROW),
  );
  const form = element("form", {}, input, submit);
  const header = element("header", {}, element("h2", { id: "title" }, title), closer);
  const dialog = element("dialog", { "aria-labelledby": "title" }, header, log, status, form);

  // Messages

  const LINK =
    /\[([^\]\n]{1,200})\]\((https?:\/\/[^\s()<>]{1,2000})\)|https?:\/\/[^\s<>"'`]{1,2000}/g;

  /** Removes marks of Markdown. */
  function plain(markdown) {
    return markdown
      .replace(/^```.*\n?/gm, "")
      .replace(/^#{1,6} +/gm, "")
      .replace(/^( *)[-*+] +/gm, "$1• ")
      .replace(/(\*\*|__|~~)(?=\S)(.{1,500}?)\1/g, "$2")
      .replace(/(^|[^\w*])[*_](?=\S)([^*_\n]{1,500}?)[*_](?!\w)/gm, "$1$2")
      .replace(/`([^`\n]{1,500})`/g, "$1")
      .replace(/\\([!-/:-@[-`{-~])/g, "$1");
  }

  /** Returns text nodes and links only. */
  function content(text, isMarkdown) {
    const nodes = [];
    const convert = isMarkdown ? plain : (part) => part;
    let end = 0;
    for (const match of text.matchAll(LINK)) {
      if (match[1] && !isMarkdown) continue;
      const address = match[2] ?? match[0].replace(/[.,;:!?)\]}*_~]+$/, "");
      if (!URL.canParse(address)) continue;
      nodes.push(convert(text.slice(end, match.index)));
      const label = match[1] ? plain(match[1]) : address;
      const rel = "noopener noreferrer nofollow";
      nodes.push(element("a", { href: address, target: "_blank", rel }, label));
      end = match.index + (match[1] ? match[0].length : address.length);
    }
    nodes.push(convert(text.slice(end)));
    return nodes;
  }

  function time(at) {
    const isToday = at.toDateString() === new Date().toDateString();
    const dateStyle = isToday ? undefined : "medium";
    return at.toLocaleString([], { dateStyle, timeStyle: "short" });
  }

  /** Messages by their ids */
  const shown = new Map();
  /** Own messages that are not stored yet. */
  const unsent = [];
  let position = 0;
  let sending = Promise.resolve();

  /** Adds or changes a message. */
  function show(message) {
    const known = Object.assign(shown.get(message.id) ?? {}, message);
    shown.set(known.id, known);
    render(known);
  }

  const SENDERS = { contact: "You", agent: "Assistant", user: title };

  function render(message) {
    const isOwn = message.sender_type === "contact";
    message.element ??= element("li", { class: isOwn ? "own" : "other" });
    const sender = SENDERS[message.sender_type];
    const note = message.note ?? (message.at && time(new Date(message.at)));
    const meta = element("p", { class: "meta" });
    if (isOwn) meta.append(element("span", { class: "hidden" }, sender, " "), note);
    else meta.append([sender, note].filter(Boolean).join(" · "));
    if (message.retry) meta.append(" ", button({ onclick: message.retry }, "Try again"));
    const text = element("p", { class: "bubble" }, ...content(message.text, !isOwn));
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    message.element.replaceChildren(text, meta);
    place(message.element, message.sequence ?? Infinity);
    if (isAtEnd || message.note) log.scrollTop = log.scrollHeight;
  }

  /** Places a message by its sequence, unsent ones last. */
  function place(item, sequence) {
    if (item.isConnected && item.sequence === sequence) return;
    item.sequence = sequence;
    const isLater = (other) => other !== item && other.sequence > sequence;
    list.insertBefore(item, [...list.children].find(isLater) ?? null);
  }

  function submitMessage(message) {
    annotate(message, "Sending…");
    unsent.push(message);
    sendUnsent();
  }

  function annotate(message, note, retry) {
    render(Object.assign(message, { note, retry }));
  }

  /** Sends messages one after the other, so that their order stays. */
  function sendUnsent() {
    sending = sending.then(async () => {
      for (; unsent.length; unsent.shift()) {
        const [message] = unsent;
        annotate(message, "Sending…");
        try {
          const id = await store(message);
          const known = shown.get(id); // It was stored, although a request failed.
          known?.element.remove();
          Object.assign(message, { id, at: Date.now(), sequence: known?.sequence });
          shown.set(id, message);
          annotate(message);
        } catch (error) {
          if (!error.isFinal)
            return unsent.forEach((left) => annotate(left, "Not sent.", sendUnsent));
          annotate(message, "Not sent.", () => submitMessage(message));
        }
      }
    });
  }

  /** Stores a message once, also if repeated; returns its id. */
  async function store(message) {
    for (let tries = 1; ; tries++)
      try {
        const request = post({ message_id: message.key, text: message.text });
        return (await (await authorized("messages", request)).json()).id;
      } catch (error) {
        if (error.isFinal || tries === 5) throw error;
        await pause(tries, error);
      }
  }

  function receive(message) {
    position = Math.max(position, message.sequence);
    if (message.sender_type !== "contact") show(message);
    // The response to its request tells which one it is.
    else sending.then(() => show(message));
    updateUnread();
  }

  function updateUnread() {
    if (dialog.open) save({ read: Math.max(state.read ?? 0, position) });
    const unread = [...shown.values()].filter(
      (message) => message.sender_type !== "contact" && message.sequence > (state.read ?? 0),
    ).length;
    badge.textContent = unread;
    badge.hidden = unread === 0;
    launcher.ariaLabel = unread ? `Open chat, ${unread} unread` : "Open chat";
  }

  // Connection

  async function loadPage(cursor) {
    const from = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const page = await (await authorized(`messages?limit=30${from}`)).json();
    const height = log.scrollHeight;
    page.items.forEach(receive);
    await sending; // See receive.
    earlier.hidden = !page.next_cursor;
    earlier.onclick = () => loadPage(page.next_cursor).catch(() => {});
    log.scrollTop = cursor ? log.scrollHeight - height : log.scrollHeight;
  }

  /** Reads messages until the stream ends or is silent for too long. */
  async function readStream(onOpen) {
    const abort = new AbortController();
    let timer;
    const expectMore = () => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), SILENCE_MAX_MS);
    };
    expectMore();
    try {
      const headers = { Accept: "text/event-stream", "Last-Event-ID": String(position) };
      const response = await authorized("events", { headers, signal: abort.signal });
      onOpen();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let buffer = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        expectMore();
        const events = (buffer + value).split("\n\n");
        buffer = events.pop();
        for (const event of events)
          for (const line of event.split("\n"))
            if (line.startsWith("data:")) receive(JSON.parse(line.slice(5)));
      }
    } finally {
      clearTimeout(timer);
      abort.abort();
    }
  }

  let isConnecting = false;

  async function connect() {
    if (isConnecting) return;
    isConnecting = true;
    let isLoaded = false;
    log.ariaBusy = "true"; // Earlier messages are not read aloud.
    for (let failures = 0; ; failures++) {
      let failure;
      try {
        if (!isLoaded) {
          status.textContent = "Connecting…";
          await loadPage();
          isLoaded = true;
        }
        await readStream(() => {
          failures = 0;
          status.textContent = "";
          log.ariaBusy = "false";
          sendUnsent();
        });
      } catch (error) {
        failure = error;
        status.textContent = "No connection. Trying again…";
      }
      if (failure?.isFinal) break;
      await pause(failures, failure);
    }
    status.textContent = "This chat is not available at the moment.";
    input.disabled = submit.disabled = true;
    isConnecting = false;
  }

  // Controls

  const narrow = matchMedia("(max-width: 480px)");

  function open() {
    if (narrow.matches) dialog.showModal();
    else dialog.show();
    launcher.ariaExpanded = "true";
    input.focus();
    log.scrollTop = log.scrollHeight;
    save({ used: true });
    updateUnread();
    connect();
  }

  launcher.onclick = () => (dialog.open ? dialog.close() : open());
  closer.onclick = () => dialog.close();
  dialog.onclose = () => {
    launcher.ariaExpanded = "false";
    launcher.focus();
  };
  dialog.onkeydown = (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    dialog.close();
  };
  input.oninput = () => {
    submit.disabled = !input.value.trim();
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight + 2}px`;
  };
  input.onkeydown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text || input.disabled) return;
    submitMessage({ text, sender_type: "contact", key: random(16) });
    input.value = "";
    input.oninput();
    input.focus();
  };

  // Styles

  /** Returns black or white, whichever has more contrast. */
  function textOn(background) {
    const [red, green, blue] = [1, 3, 5].map(
      (start) => (parseInt(background.slice(start, start + 2), 16) / 255) ** 2.2,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? "#000" : "#fff";
  }

  const STYLES = `
:host { all: initial; --accent: ${color}; --on-accent: ${textOn(color)};
  --page: #fff; --text: #16191f; --soft: #5a6270; --line: #dfe3e9; --other: #f0f2f6; }
* { box-sizing: border-box; margin: 0; font: inherit; letter-spacing: normal; }
[hidden] { display: none !important; }
button { cursor: pointer; border: 0; padding: 0; background: none; color: inherit; }
svg { display: block; width: 24px; height: 24px; fill: currentColor; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.launcher, dialog { position: fixed; z-index: 2147483000; right: 20px;
  font: 400 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.launcher { bottom: 20px; display: grid; place-items: center; width: 56px; height: 56px;
  border-radius: 50%; background: var(--accent); color: var(--on-accent);
  box-shadow: 0 4px 16px #10182847; }
.badge { position: absolute; top: -4px; right: -4px; min-width: 22px; padding: 0 6px;
  border: 2px solid #fff; border-radius: 11px; background: #c4162a; color: #fff;
  font-size: 12px; font-weight: 600; line-height: 18px; text-align: center; }
dialog { left: auto; top: auto; bottom: 90px; width: 380px; height: min(600px, 100vh - 110px);
  max-width: none; max-height: none; padding: 0; border: 1px solid var(--line);
  border-radius: 16px; overflow: hidden; background: var(--page); color: var(--text);
  box-shadow: 0 12px 40px #10182838; }
dialog[open] { display: flex; flex-direction: column; }
header { display: flex; align-items: center; gap: 12px; padding: 14px 12px 14px 18px;
  background: var(--accent); color: var(--on-accent); }
h2 { flex: 1; font-size: 17px; font-weight: 600; overflow-wrap: anywhere; }
.close { padding: 8px; border-radius: 8px; }
header :focus-visible { outline-color: currentColor; outline-offset: -2px; }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 18px 16px 12px;
  scrollbar-width: thin; }
.log:focus-visible { outline-offset: -3px; }
.earlier { display: block; margin: 0 auto 14px; padding: 5px 14px; border: 1px solid var(--line);
  border-radius: 14px; color: var(--soft); font-size: 13px; }
ol { display: flex; flex-direction: column; gap: 12px; padding: 0; list-style: none; }
li { display: flex; flex-direction: column; align-items: flex-start; }
.own { align-items: flex-end; }
.bubble { max-width: 85%; padding: 9px 13px; border: 1px solid transparent;
  border-radius: 4px 16px 16px; background: var(--other); white-space: pre-wrap;
  overflow-wrap: anywhere; }
.own .bubble { border-radius: 16px 4px 16px 16px; background: var(--accent);
  color: var(--on-accent); }
a { color: inherit; text-decoration: underline; text-underline-offset: 2px; }
.meta { margin: 3px 4px 0; color: var(--soft); font-size: 12px; }
.meta button { color: inherit; font-weight: 600; text-decoration: underline; }
.status { padding: 0 16px; color: var(--soft); font-size: 13px; text-align: center; }
.status:not(:empty) { padding-bottom: 8px; }
form { display: flex; align-items: flex-end; gap: 8px; padding: 10px 12px 12px;
  border-top: 1px solid var(--line); }
textarea { flex: 1; min-height: 42px; max-height: 132px; padding: 9px 12px; resize: none;
  border: 1px solid #868e9c; border-radius: 12px; background: var(--page); color: var(--text); }
textarea:focus { outline: 2px solid var(--accent); outline-offset: -1px; }
::placeholder { color: var(--soft); opacity: 1; }
.send { display: grid; place-items: center; width: 42px; height: 42px; border-radius: 12px;
  background: var(--accent); color: var(--on-accent); }
.send:disabled { background: var(--other); color: var(--soft); cursor: default; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }
@supports (color: light-dark(#000, #fff)) {
  :host { color-scheme: inherit; --page: light-dark(#fff, #1a1d23);
    --text: light-dark(#16191f, #edf0f4); --soft: light-dark(#5a6270, #a6aebc);
    --line: light-dark(#dfe3e9, #363b45); --other: light-dark(#f0f2f6, #2b3039); } }
@media (max-width: 480px) {
  dialog { inset: 0; width: 100%; height: 100dvh; border: 0; border-radius: 0; }
  textarea { font-size: 16px; } }
@media (forced-colors: active) { .bubble, .launcher, .send { border: 1px solid; } }
@media (prefers-reduced-motion: no-preference) {
  .launcher { transition: transform 0.15s ease-out; }
  .launcher:hover { transform: scale(1.06); }
  dialog[open] { animation: rise 0.18s ease-out; }
  @keyframes rise { from { opacity: 0; transform: translateY(12px); } } }`;

  const host = element("div", { id: "agentledger-widget" });
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLES);
  root.adoptedStyleSheets = [sheet];
  root.append(dialog, launcher);
  document.body.append(host);

  if (greeting) show({ id: "greeting", sequence: -1, sender_type: "user", text: greeting });
  launcher.ariaExpanded = "false";
  updateUnread();
  if (state.used) connect(); // Shows how many messages have arrived.
})();
