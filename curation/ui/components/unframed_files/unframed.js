// A page of somebody else's that shows this one in a frame could have a person click in it without
// knowing: such a frame stays empty. Streamlit lets nobody set the header that forbids it.
export default function () {
  let foreign = false;
  try {
    foreign = window.top.location.origin !== window.location.origin;
  } catch {
    foreign = true; // another origin does not even say where it is
  }
  if (foreign) document.documentElement.replaceChildren();
}
