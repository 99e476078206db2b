// Fetches a file piece by piece and hands it to the browser whole: the server never holds more of
// it than one piece, and a browser keeps large blobs on disk.
function bytesOf(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const button = parentElement.querySelector("[data-part=button]");
  const label = parentElement.querySelector("[data-part=label]");
  const mine = (parentElement.ruwoDownload ??= { parts: [], at: 0, fetch: "" });

  const ask = () => setTriggerValue("want", { fetch: mine.fetch, at: mine.at });

  // A label may be the name itself.
  const named = data.labels.download.includes(data.name)
    ? data.labels.download
    : `${data.labels.download} ${data.name}`;

  const show = () => {
    button.classList.toggle("primary", data.primary === true);
    button.disabled = mine.fetch !== "";
    const done = data.size ? Math.floor((100 * mine.at) / data.size) : 100;
    label.textContent = mine.fetch ? `${data.labels.busy} ${done}%` : data.labels.download;
    button.setAttribute("aria-label", named);
  };

  const finish = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(mine.parts, { type: "application/octet-stream" }));
    link.download = data.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    Object.assign(mine, { parts: [], at: 0, fetch: "" });
  };

  button.onclick = () => {
    Object.assign(mine, { parts: [], at: 0, fetch: `${Date.now()}-${Math.random()}` });
    show();
    ask();
  };

  const piece = data.piece;
  if (piece && mine.fetch !== "" && piece.fetch === mine.fetch && piece.at === mine.at) {
    const bytes = bytesOf(piece.bytes);
    mine.parts.push(new Blob([bytes]));
    mine.at += bytes.length;
    if (bytes.length === 0 || mine.at >= data.size) finish();
    else ask();
  }
  show();
}
