// Countries of the source to territory codes: which codes answer for each ring.
import { alpha2ByNumeric } from './numeric.js'
import type { Country } from './topology.js'

/**
 * Codes that answer together with an area's own. A dependent area also answers as the state it is part of (by
 * ISO 3166-2, which lists it as a subdivision, or by that state's own constitution); a disputed one as every claimant.
 */
const alsoAnswers: Readonly<Record<string, string>> = {
  // United States, France, Netherlands, China, Finland: listed in ISO 3166-2.
  ...{ PR: 'US', VI: 'US', AS: 'US', GU: 'US', MP: 'US', UM: 'US' },
  ...{ PM: 'FR', BL: 'FR', MF: 'FR', NC: 'FR', PF: 'FR', TF: 'FR', WF: 'FR' },
  ...{ AW: 'NL', CW: 'NL', SX: 'NL', HK: 'CN', MO: 'CN', AX: 'FI' },
  // Kingdom of Denmark, external territories of Australia.
  ...{ GL: 'DK', FO: 'DK', NF: 'AU', HM: 'AU' },
  // Claimed as a whole: Taiwan, Falklands, South Georgia, Chagos, Gibraltar, Western Sahara, West Bank and Gaza.
  ...{ TW: 'CN', FK: 'AR', GS: 'AR', IO: 'MU', GI: 'ES', EH: 'MA', PS: 'IL' },
}

/** Areas the source gives no ISO code. */
const byName: Readonly<Record<string, string>> = {
  Dhekelia: 'CY GB',
  Akrotiri: 'CY GB',
  'N. Cyprus': 'CY TR',
  'Cyprus U.N. Buffer Zone': 'CY TR',
  Somaliland: 'SO',
  Kosovo: 'RS XK',
  'USNB Guantanamo Bay': 'CU US',
  'Siachen Glacier': 'IN PK',
  Baikonur: 'KZ RU',
  'Coral Sea Is.': 'AU',
  'Spratly Is.': 'BN CN MY PH TW VN',
  'Clipperton I.': 'FR',
  'Bajo Nuevo Bank': 'CO JM NI US',
  'Serranilla Bank': 'CO HN JM NI US',
  'Scarborough Reef': 'CN PH TW',
}

/** Rings whose middle is in the box (west, south, east, north) answer with the codes instead. */
const byPlace: readonly (readonly [country: string, box: readonly [number, number, number, number], codes: string])[] =
  [
    ['France', [-55, 2, -51, 6], 'FR GF'],
    ['France', [-61.3, 14.3, -60.7, 15], 'FR MQ'],
    ['France', [-62, 15.7, -60.9, 16.6], 'FR GP'],
    ['France', [55, -21.5, 56, -20.7], 'FR RE'],
    ['France', [45, -13.1, 45.4, -12.5], 'FR KM YT'],
    ['Netherlands', [-68.6, 11.9, -68, 12.5], 'BQ NL'],
    ['Netherlands', [-63.4, 17.4, -62.8, 17.7], 'BQ NL'],
    ['Norway', [10, 76, 36, 81.5], 'NO SJ'],
    ['Norway', [18.5, 74, 19.5, 75], 'NO SJ'],
    ['Norway', [-9.5, 70.5, -7.5, 71.5], 'NO SJ'],
    ['Norway', [3, -54.8, 4, -54], 'BV NO'],
    ['New Zealand', [-173, -10, -170.5, -8], 'NZ TK'],
    ['Indian Ocean Ter.', [105, -11, 106, -10], 'AU CX'],
    ['Indian Ocean Ter.', [96, -13, 98, -11], 'AU CC'],
    ['Fr. S. Antarctic Lands', [47, -12, 48, -11], 'FR KM MG TF'],
    ['Fr. S. Antarctic Lands', [39, -23, 44, -16], 'FR MG TF'],
    ['Fr. S. Antarctic Lands', [54, -16.5, 55, -15], 'FR MG MU TF'],
    ['U.S. Minor Outlying Is.', [-75.5, 18, -74.5, 18.8], 'HT UM US'],
    ['U.S. Minor Outlying Is.', [166, 19, 167, 19.6], 'MH UM US'],
    ['Russia', [145.3, 43.2, 149.2, 45.7], 'JP RU'],
    ['New Caledonia', [171, -23, 172.5, -22], 'FR NC VU'],
    ['Iran', [54.8, 25.7, 55.5, 26.4], 'AE IR'],
    ['China', [110.9, 15.5, 113, 17.3], 'CN TW VN'],
    ['Spain', [-5.5, 35.1, -2.3, 35.93], 'ES MA'],
  ]

/** Codes of one ring, given the middle of its bounding box; sorted, separated by blanks. */
export function ringCodes(country: Country, longitudeDeg: number, latitudeDeg: number): string {
  for (const [name, [west, south, east, north], codes] of byPlace)
    if (
      name === country.name &&
      west <= longitudeDeg &&
      longitudeDeg <= east &&
      south <= latitudeDeg &&
      latitudeDeg <= north
    )
      return codes
  const named = byName[country.name]
  if (named !== undefined) return named
  const code = country.id === undefined ? undefined : alpha2ByNumeric.get(country.id)
  if (code === undefined) throw new TypeError(`no code for ${country.name}`)
  const also = alsoAnswers[code]
  return also === undefined ? code : [code, also].sort().join(' ')
}
