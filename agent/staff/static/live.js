// The live line: calls back whenever something changed, reconnects by itself, says when it is down.

export function live({ onChange, onUp, onDown }) {
  let failures = 0;
  const open = () => {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/api/staff/live`);
    let silence = null;
    const beat = setInterval(() => {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send("ping");
      silence = setTimeout(() => socket.close(), 8_000);
    }, 20_000);
    socket.onopen = () => {
      failures = 0;
      onUp();
    };
    socket.onmessage = ({ data }) => {
      clearTimeout(silence);
      const event = JSON.parse(data);
      if (event.type === "changed") onChange(event.kinds);
    };
    socket.onclose = ({ code }) => {
      clearInterval(beat);
      clearTimeout(silence);
      if (code === 4401) return location.assign("/staff/sign-in");
      onDown();
      failures += 1;
      return setTimeout(open, Math.min(10_000, 500 * 2 ** failures));
    };
  };
  open();
}
