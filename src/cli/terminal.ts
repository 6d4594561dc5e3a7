// What the commands print with: colours only on a terminal, plain aligned tables, errors on standard error.

export interface Terminal {
  readonly line: (text?: string) => void
  readonly error: (text: string) => void
  /** Overwrites one line on a terminal; silent elsewhere, so that logs stay clean. */
  readonly progress: (text: string) => void
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly doubtful: (text: string) => string
  readonly strong: (text: string) => string
  readonly faint: (text: string) => string
}

interface Stream {
  readonly isTTY?: boolean
  readonly write: (text: string) => unknown
}

/** Colours follow NO_COLOR and whether `out` is a terminal. */
export function createTerminal(
  out: Stream,
  err: Stream,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const coloured = out.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb'
  const paint =
    (code: number) =>
    (text: string): string =>
      coloured ? `\u001b[${code}m${text}\u001b[0m` : text
  return {
    line: (text = '') => void out.write(`${text}\n`),
    error: (text) => void err.write(`${text}\n`),
    progress: (text) => void (err.isTTY === true && err.write(`\r\u001b[2K${text}`)),
    good: paint(32),
    bad: paint(31),
    doubtful: paint(33),
    strong: paint(1),
    faint: paint(2),
  }
}

/** Text from evidence is untrusted: control characters would let it rewrite the terminal. */
export function printable(text: string): string {
  let out = ''
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    const hidden =
      code < 0x20 ||
      (code >= 0x7f && code < 0xa0) ||
      (code >= 0x200b && code <= 0x200f) ||
      (code >= 0x202a && code <= 0x202e) ||
      (code >= 0x2066 && code <= 0x2069)
    out += hidden ? `\\u{${code.toString(16)}}` : char
  }
  return out
}

/** Left-aligned columns, two blanks apart; widths count the visible characters. */
export function table(rows: readonly (readonly string[])[], indent = ''): string[] {
  const widths: number[] = []
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, visibleLength(cell))
  return rows.map((row) =>
    (indent + row.map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - visibleLength(cell))).join('  ')).trimEnd(),
  )
}

function visibleLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: measures text that carries our own colour codes
  return text.replace(/\u001b\[\d+m/g, '').length
}
