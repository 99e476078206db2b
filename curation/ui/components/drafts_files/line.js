// The server's end of the drafts: the review piece finds it under this name, whichever of the two is
// there first.

const LINE = Symbol.for("ruwo.drafts");

export default function mount({ data, setTriggerValue }) {
  const line = (window[LINE] ??= new EventTarget());
  const send = (message) => setTriggerValue("drafts", message);
  line.send = send;
  line.data = data;
  line.dispatchEvent(new Event("answer"));
  return () => {
    // A superseded call cleans up after the next one has begun: only the last one hangs up.
    if (line.send === send) line.send = null;
  };
}
