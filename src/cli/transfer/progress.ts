/** Tells on stderr how far a long copy has come: in place on a terminal, now and then a line elsewhere. */
export interface Progress {
  /** @param count of the documents so far */
  advance(title: string, count: number, total: number | undefined): void;
  /** A line that stays. */
  say(line: string): void;
}

const terminalMs = 200;
const lineMs = 5000;

export function createProgress(stream: NodeJS.WriteStream): Progress {
  let toldAt = performance.now();
  let isOpen = false;
  const clear = (): void => {
    if (isOpen) stream.write("\r\u001b[K");
    isOpen = false;
  };
  return {
    advance(title, count, total) {
      const now = performance.now();
      if (now - toldAt < (stream.isTTY ? terminalMs : lineMs)) return;
      toldAt = now;
      const of = total === undefined ? "" : ` of ${total.toLocaleString("en")}`;
      const line = `${title}: ${count.toLocaleString("en")}${of} documents`;
      if (stream.isTTY) {
        clear();
        stream.write(line);
        isOpen = true;
      } else stream.write(`${line}\n`);
    },
    say(line) {
      clear();
      stream.write(`${line}\n`);
    },
  };
}
