/** The two forms in which rsyslog writes the time and the host. */
export type Form = "traditional" | "rfc3339";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Writes moments (epoch seconds with a fraction), quickly where they rise. */
export function stamper(form: Form): (at: number) => string {
  let second = Number.NaN;
  let text = "";
  return (at) => {
    if (Math.floor(at) !== second) {
      second = Math.floor(at);
      text =
        form === "traditional" ? traditional(second) : new Date(second * 1000).toISOString().slice(0, 19);
    }
    return form === "traditional" ? text : `${text}.${microseconds(at)}+00:00`;
  };
}

function traditional(second: number): string {
  const date = new Date(second * 1000);
  return `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${date.toISOString().slice(11, 19)}`;
}

function microseconds(at: number): string {
  return String(Math.floor((at % 1) * 1e6)).padStart(6, "0");
}
