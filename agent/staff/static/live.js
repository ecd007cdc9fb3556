// A live line to the server: hands on what comes, reconnects by itself, says when it is down. `path` may change by then.

export function live({ path, onEvent, onUp, onDown }) {
  let failures = 0;
  let stopped = false;
  let current = null;
  const open = () => {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/api/staff${path()}`);
    current = socket;
    let silence = null;
    const beat = setInterval(() => {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send("ping");
      silence = setTimeout(() => socket.close(), 8_000);
    }, 20_000);
    socket.onopen = () => {
      if (stopped) return socket.close();
      failures = 0;
      return onUp();
    };
    socket.onmessage = ({ data }) => {
      clearTimeout(silence);
      const event = JSON.parse(data);
      if (event.type !== "pong" && !stopped) onEvent(event);
    };
    socket.onclose = ({ code }) => {
      clearInterval(beat);
      clearTimeout(silence);
      if (stopped) return undefined;
      if (code === 4401) return location.assign("/staff/sign-in");
      onDown();
      failures += 1;
      return setTimeout(open, Math.min(10_000, 500 * 2 ** failures));
    };
  };
  open();
  return () => {
    stopped = true;
    current?.close();
  };
}
