// Disputed land, drawn by hand and generously: areas that answer with every claimant whatever the source's map says.
//
// The source shows who controls land. These polygons are laid over it, so that land claimed by several is never proved
// to be inside only one claimant, nor outside any. Left out, on purpose: the claims of the two Koreas to each other's
// whole territory, historical claims nobody pursues, sea borders, and disputes narrower than the map's error, which
// every answer allows for anyway. Listing a claim says nothing about its merit.

export interface Claim {
  readonly name: string
  readonly codes: readonly string[]
  /** Corners as longitude, latitude in degrees, joined by great circles. */
  readonly corners: readonly (readonly [longitudeDeg: number, latitudeDeg: number])[]
}

// name | claimants | corners as "longitude latitude"
const table = `
Crimea | RU UA | 32.2 45.2, 32.3 45.6, 33.3 46.25, 35.1 46.3, 36.75 45.6, 36.7 44.95, 35.5 44.85, 34.4 44.2, 33.2 44.2
Donetsk, Kherson, Luhansk and Zaporizhzhia | RU UA | 31.3 46, 31.3 46.9, 32.7 47.75, 34.1 47.85, 34.6 48.3, 36.3 48.3, 36.3 49.2, 37.5 49.6, 37.7 50.2, 39.3 50.2, 40.4 49.7, 40.4 48.5, 39.9 47.6, 38.6 46.8, 36.6 46.4, 35 45.9, 33 45.8
Abkhazia | GE RU | 39.9 43.35, 40 43.65, 41 43.65, 42.2 43.3, 42.2 42.8, 41.7 42.3, 41.3 42.3, 40.3 42.9
South Ossetia | GE RU | 43.3 42.2, 43.3 42.6, 43.9 42.8, 44.4 42.75, 44.9 42.5, 44.8 42.1, 44.2 41.95, 43.6 42
Nagorno-Karabakh | AM AZ | 46.2 39.4, 46.1 40.3, 46.6 40.6, 47.2 40.4, 47.3 39.9, 47.2 39.3
Southern Kuril Islands | JP RU | 145.38 43.68, 145.42 43.95, 146 44.5, 147 45.1, 147.7 45.7, 149.1 45.7, 149 45.3, 147.5 44.3, 147.1 43.6, 146.5 43.2, 145.86 43.39
Western Sahara | EH MA | -17.3 20.6, -16.9 20.7, -12.9 21.25, -12.9 22.9, -11.9 23.4, -11.9 25.9, -8.6 25.9, -8.6 27.75, -13.3 27.75, -14.8 26.3, -16.3 23.9, -17.3 21.5
Jerusalem | IL PS | 35.1 31.7, 35.1 31.87, 35.3 31.87, 35.3 31.7
Latrun | IL PS | 34.92 31.78, 34.92 31.92, 35.12 31.92, 35.12 31.78
Golan Heights | IL SY | 35.58 32.65, 35.58 33, 35.6 33.3, 35.75 33.45, 35.95 33.4, 35.95 32.7
Shebaa Farms and Ghajar | IL LB SY | 35.6 33.25, 35.65 33.4, 35.85 33.45, 35.85 33.25
Jammu, Kashmir, Ladakh, Gilgit and Baltistan | IN PK | 72.3 36.2, 72.3 36.9, 73.5 37.05, 74.7 37.2, 75.8 37.2, 77.8 36.1, 79.5 36.2, 80.6 35.7, 80.6 34.4, 79.8 32.3, 78.6 32.2, 77.9 32.6, 76.9 32.8, 76 32.7, 75.7 32.1, 75.2 32.1, 74.4 32.5, 73.5 32.7, 73.2 33.5, 73.2 34.7, 73 35.3
Aksai Chin, Shaksgam and eastern Ladakh | CN IN PK | 75.7 37.2, 77.8 36.1, 79.5 36.2, 80.6 35.7, 80.6 34.4, 79.8 32.3, 78.6 32.2, 78.4 33.5, 77.7 34.9, 77 35.3, 75.9 35.9, 75.3 36.8
Middle sector of the Himalayan border | CN IN | 78.5 32.1, 78.9 31.4, 80.2 30.95, 81 30.3, 80.6 30.3, 79.8 30.7, 78.9 30.9, 78.3 31.6
Arunachal Pradesh | CN IN | 91.4 26.8, 91.4 27.9, 92.3 28.1, 93.5 28.9, 94.2 29.4, 96.2 29.7, 97.6 28.5, 97.5 27.5, 96.9 26.9, 95.5 26.5, 94.5 26.9, 93.5 26.7, 92 26.7
Western Bhutan and Doklam | BT CN | 88.8 27.15, 88.8 27.4, 89 27.6, 89.3 28, 89.6 28.2, 89.7 28, 89.4 27.6, 89.1 27.2
Northern Bhutan | BT CN | 90 28, 90.3 28.4, 91.2 28.2, 91.2 27.9, 90.6 27.8
Sakteng | BT CN | 91.5 27.1, 91.5 27.5, 91.95 27.5, 92.15 27.2, 92.15 27.1
Kalapani and Limpiyadhura | IN NP | 80.5 30, 80.4 30.3, 80.8 30.6, 81.1 30.4, 81.1 30.15, 80.85 29.95
Susta | IN NP | 83.75 27.3, 83.75 27.5, 84 27.5, 84 27.3
Sir Creek | IN PK | 68 23.5, 68 24.1, 68.9 24.3, 68.9 23.9
Dangrek border and Preah Vihear | KH TH | 102.8 14.2, 102.8 14.5, 105.25 14.5, 105.25 14.2
Ban Rom Klao | LA TH | 100.9 17.5, 100.9 17.9, 101.3 17.9, 101.3 17.5
Sabah | MY PH | 115.1 4, 115.1 5.7, 116.7 7.5, 119.6 5.7, 119.5 4.7, 118 3.8, 116 3.9
Spratly Islands | BN CN MY PH TW VN | 111 7, 111 12, 114.5 12.1, 118 11.6, 117.2 10, 116.3 8.4, 115 7, 113 6
Paracel Islands | CN TW VN | 110.9 15.5, 110.9 17.3, 113 17.3, 113 15.5
Scarborough Shoal | CN PH TW | 117.6 15, 117.6 15.3, 117.9 15.3, 117.9 15
Pratas Island | CN TW | 116.5 20.5, 116.5 20.9, 117 20.9, 117 20.5
Kinmen | CN TW | 118.2 24.35, 118.2 24.5, 118.5 24.58, 118.55 24.35
Wuqiu | CN TW | 119.4 24.9, 119.4 25.05, 119.5 25.05, 119.5 24.9
Matsu Islands | CN TW | 119.8 25.9, 119.8 26.3, 120.4 26.45, 120.6 26.4, 120.55 26.3, 120.1 25.9
Senkaku Islands | CN JP TW | 123.3 25.6, 123.3 26.1, 124.7 26.1, 124.7 25.6
Liancourt Rocks | JP KR | 131.8 37.2, 131.8 37.3, 131.95 37.3, 131.95 37.2
Abu Musa and the Tunbs | AE IR | 54.8 25.75, 54.95 26.4, 55.5 26.4, 55.5 26.15, 55.15 25.75
Essequibo | GY VE | -58 7.2, -58.1 6.3, -57.8 5, -57.8 3, -57.9 1.2, -60.2 1, -60.3 4.3, -61.6 5.7, -61.6 6.2, -61.3 7, -60.8 7.3, -60.8 8, -60.1 8.8, -59 8.2
Tigri | GY SR | -58.3 1.4, -57.6 2.8, -57.6 3.5, -57.1 3.6, -56.9 2.5, -56.3 1.9, -56.5 1.7
Marouini | FR GF SR | -54.8 2.1, -54.3 3.8, -53.9 3.8, -53.4 2.2, -54.1 2
Southern Belize | BZ GT | -89.35 15.75, -89.35 17.65, -88 17.65, -87.4 17.2, -88.1 15.85
Southern Patagonian Ice Field | AR CL | -73.8 -50.9, -73.8 -48.9, -72.7 -48.9, -72.6 -50.9
Brasilera Island | BR UY | -57.75 -30.25, -57.75 -30.1, -57.55 -30.1, -57.55 -30.25
Rincón de Artigas | BR UY | -56.1 -31.15, -56.1 -30.7, -55.5 -30.7, -55.5 -31.15
South Sandwich Islands | AR GS | -29 -60, -29 -56, -26 -56, -26 -60
Machias Seal Island | CA US | -67.2 44.45, -67.2 44.55, -67 44.55, -67 44.45
Hans Island | CA DK GL | -66.6 80.78, -66.6 80.88, -66.3 80.88, -66.3 80.78
Abyei | SD SS | 27.5 9.1, 27.5 10.4, 29.3 10.4, 29.3 9.1
Kafia Kingi | SD SS | 23.3 8.6, 23.4 10.1, 25.2 10.4, 25.2 8.7
Heglig | SD SS | 29.2 9.7, 29.2 10.4, 29.9 10.4, 29.9 9.7
Ilemi Triangle | ET KE SS | 33.9 4.15, 34.3 5.1, 35.2 5.6, 35.9 5.4, 36 4.4
Hala'ib Triangle | EG SD | 33.9 21.9, 33.9 22.3, 35.3 23.25, 35.9 23.25, 37.1 22.15, 37.1 21.9
Wadi Halfa Salient | EG SD | 31.2 21.9, 31.2 22.35, 31.6 22.35, 31.6 21.9
Bir Tawil | EG SD | 33.1 21.7, 33.1 22.1, 34.1 22.1, 34.1 21.7
Doumeira | DJ ER | 43 12.65, 43 12.85, 43.25 12.85, 43.25 12.65
Badme | ER ET | 37.4 14.2, 37.4 14.9, 38.5 14.9, 38.5 14.4
Lake Malawi, north-east | MW TZ | 33.9 -9.4, 34.4 -9.4, 35.05 -11, 35.05 -11.65, 34.3 -11.65, 34 -10
Migingo | KE UG | 33.88 -0.92, 33.88 -0.84, 33.98 -0.84, 33.98 -0.92
Koualou | BF BJ | 0.9 10.9, 0.9 11.5, 1.6 11.5, 1.6 10.9
Olivenza | ES PT | -7.35 38.4, -7.35 38.85, -6.95 38.85, -6.95 38.4
Perejil | ES MA | -5.46 35.88, -5.46 35.95, -5.37 35.95, -5.37 35.88
Imia | GR TR | 27.1 37, 27.1 37.1, 27.2 37.1, 27.2 37
Rockall | DK FO GB IE IS | -13.8 57.55, -13.8 57.65, -13.6 57.65, -13.6 57.55
Minerva Reefs | FJ TO | -179.3 -24.1, -179.3 -23.5, -178.7 -23.5, -178.7 -24.1
Argentine Antarctica | AQ AR | -25 -60, -25 -75, 0 -90, -74 -75, -74 -60, -62 -59.4, -50 -59.2, -37 -59.4
Chilean Antarctica | AQ CL | -53 -60, -53 -75, 0 -90, -90 -75, -90 -60, -78 -59.4, -65 -59.4
British Antarctic Territory | AQ GB | -20 -60, -20 -75, 0 -90, -80 -75, -80 -60, -65 -59.4, -50 -59.2, -35 -59.4
Queen Maud Land | AQ NO | -20 -60, -20 -75, 0 -90, 45 -75, 45 -60, 29 -59.3, 12 -59.2, -4 -59.3
Peter I Island | AQ NO | -91.5 -69.2, -91.5 -68.4, -89.7 -68.4, -89.7 -69.2
Australian Antarctic Territory | AQ AU | 45 -60, 45 -75, 0 -90, 160 -75, 160 -60, 145 -59.3, 130 -59.2, 115 -59.2, 100 -59.2, 85 -59.2, 70 -59.2, 57 -59.3
Adélie Land | AQ FR | 136 -60, 136 -75, 0 -90, 142.1 -75, 142.1 -60
Ross Dependency | AQ NZ | 160 -60, 160 -75, 0 -90, -150 -75, -150 -60, -165 -59.3, 178 -59.3, 168 -59.5
`

export const claims: readonly Claim[] = table
  .trim()
  .split('\n')
  .map((row) => {
    const [name = '', codes = '', corners = ''] = row.split(' | ')
    return { name, codes: codes.split(' '), corners: corners.split(', ').map(readCorner) }
  })

function readCorner(text: string): readonly [number, number] {
  const [longitude, latitude] = text.split(' ').map(Number)
  if (longitude === undefined || latitude === undefined || Number.isNaN(longitude + latitude))
    throw new TypeError(`not a corner: ${text}`)
  return [longitude, latitude]
}
