// Colours and sizes of the picture. Text has a contrast of at least 4.5 to its ground, marks of at least 3 to theirs.

export const colours = {
  paper: '#ffffff',
  ink: '#1f2937',
  faintInk: '#4b5563',
  sea: '#dce9f2',
  graticule: '#b9cfde',
  excluded: '#e9e6df',
  possible: '#f6cf6b',
  proved: '#8fcf9f',
  border: '#8a8577',
  region: '#1d4ed8',
  disc: '#64748b',
  landmark: '#b91c1c',
} as const

export const fontFamily = "'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"

/** Average width of a character in these fonts, as a share of the size; on the generous side. */
const characterWidth = 0.58

export function textWidth(text: string, size: number): number {
  return [...text].length * size * characterWidth
}

/** Breaks text at blanks into lines of at most `width` pixels; a word longer than that stands alone and is cut. */
export function wrapText(text: string, size: number, width: number): readonly string[] {
  const most = Math.max(1, Math.floor(width / (size * characterWidth)))
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1]
    const cut = [...word].length > most ? `${[...word].slice(0, most - 1).join('')}…` : word
    if (last !== undefined && [...last].length + 1 + [...cut].length <= most) lines[lines.length - 1] = `${last} ${cut}`
    else lines.push(cut)
  }
  return lines
}
