/**
 * What makes the tracking page change by itself. It draws nothing: when the order moves, or may have moved while nobody was
 * told, it takes the page's text from the server once more.
 */
export const TRACK_SCRIPT = `(() => {
  'use strict';
  const { channel, token } = document.body.dataset;
  const POLL_MS = 20000;
  let id = 0;
  let tries = 0;
  let shows = 0;

  const main = () => document.getElementById('main');
  const isOver = () => 'over' in main().dataset;
  const live = (is) => { document.body.dataset.live = is ? 'yes' : 'no'; };

  async function show() {
    const mine = ++shows;
    try {
      const answer = await fetch(location.href, { cache: 'no-store' });
      if (!answer.ok || mine !== shows) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.getElementById('main');
      if (!fresh || mine !== shows) return;
      main().replaceWith(document.adoptNode(fresh));
      document.title = page.title;
    } catch {
      // Without a network the page stays as it is; it looks again.
    }
  }

  function open() {
    const socket = new WebSocket(location.origin.replace(/^http/, 'ws') + '/connection/websocket');
    const ask = (command) => socket.send(JSON.stringify({ id: ++id, ...command }));
    socket.onopen = () => ask({ connect: { token } });
    socket.onmessage = ({ data }) => {
      for (const line of data.split('\\n')) {
        const message = JSON.parse(line);
        if (message.error) socket.close();
        else if (message.connect) ask({ subscribe: { channel } });
        else if (message.subscribe) {
          tries = 0;
          live(true);
          show();
        } else if (message.push) show();
        else if (message.id === undefined) socket.send('{}');
      }
    };
    socket.onclose = ({ code }) => {
      live(false);
      if (isOver() || (code >= 3500 && code < 4000)) return;
      setTimeout(open, Math.min(30000, 1000 * 2 ** tries++) * (0.5 + Math.random()));
    };
  }

  setInterval(() => { if (document.body.dataset.live !== 'yes' && !isOver()) show(); }, POLL_MS);
  open();
})();
`;
