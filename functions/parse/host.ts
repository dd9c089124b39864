import { EnvelopeReader, emptyEnvelope } from "./forms.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/;

/** Reads which host a line says it is of: the word between time and program. Undefined where the form has none. */
export function createHostReader(): (bytes: Buffer, start: number, end: number) => string | undefined {
  const reader = new EnvelopeReader();
  const envelope = emptyEnvelope();
  return (bytes, start, end) => {
    if (!reader.read(bytes, start, end, envelope) || envelope.timeTo >= envelope.programFrom)
      return undefined;
    const word = envelope.bytes.toString("latin1", envelope.timeTo, envelope.programFrom).trim();
    return NAME.test(word) ? word : undefined;
  };
}
