// Islands the source does not show, by hand: its country polygons leave out some inhabited atolls and many small ones.
//
// Each is a disc generously around the island or group. The list is not complete: what neither it nor the source shows
// counts as sea.

export interface Island {
  readonly name: string
  readonly codes: readonly string[]
  readonly longitudeDeg: number
  readonly latitudeDeg: number
  readonly radiusKm: number
}

// name | codes | longitude latitude radius
const table = `
Balleny | AQ | 164.5 -67.4 83
Scott Island | AQ NZ | -179.9 -67.4 11
Shag Rocks | AR GS | -42 -53.6 9
Ball's Pyramid | AU | 159.25 -31.75 6
Willis Island | AU | 149.97 -16.29 8
North Keeling | AU CC | 96.83 -11.83 7
McDonald Islands | AU HM | 72.6 -53.03 9
Rocas Atoll | BR | -33.81 -3.86 7
Saint Paul Island (Nova Scotia) | CA | -60.15 47.23 7
Atiu | CK | -157.72 -20 10
Nassau | CK | -165.43 -11.55 9
Palmerston | CK | -163.15 -18.05 10
Suwarrow | CK | -163.1 -13.27 13
Diego Ramirez Islands | CL | -68.71 -56.52 11
Sala y Gomez | CL | -105.36 -26.47 6
Quita Sueno Bank | CO | -81.15 14.3 13
Roncador Bank | CO | -80.05 13.53 11
Serrana Bank | CO | -80.3 14.3 18
Alboran | ES | -3.03 35.94 6
Columbretes | ES | 0.68 39.9 7
Vatoa | FJ | -178.8 -21.04 7
Chuuk | FM | 151.75 7.4 53
Eauripik | FM | 143.05 6.68 11
Elato Lamotrek | FM | 146.5 7.5 53
Faraulep | FM | 144.6 8.58 13
Gaferut | FM | 145.5 9.9 63
Hall and Namonuito | FM | 150 8.6 63
Ifalik | FM | 144.45 7.25 11
Kapingamarangi | FM | 154.78 1.07 11
Mokil | FM | 159.78 6.68 11
Mortlock | FM | 153.6 5.4 48
Ngulu | FM | 137.47 8.1 17
Nukuoro | FM | 154.97 3.83 9
Pingelap | FM | 160.7 6.22 9
Satawal Pikelot | FM | 147 8.13 13
Satawal | FM | 147.03 7.35 11
Ulithi | FM | 139.7 10 18
Woleai | FM | 143.9 7.37 15
Bampton | FR NC | 155.3 -22.18 9
Beautemps-Beaupre | FR NC | 166 -20.4 9
Bellona | FR NC | 159.4 -21.9 18
Chesterfield | FR NC | 158.3 -19.9 28
Entrecasteaux | FR NC | 163 -18.5 28
Walpole | FR NC | 168.65 -22 7
Walpole | FR NC | 168.95 -22.6 7
Hunter Island | FR NC VU | 172.08 -22.4 6
Bellingshausen | FR PF | -154.73 -16.55 9
Maria | FR PF | -154.7 -21.8 9
Marotiri | FR PF | -143.5 -27.92 8
Mopelia | FR PF | -154.6 -15.8 13
Pukapuka | FR PF | -138.8 -14.8 11
Rimatara | FR PF | -152.8 -22.65 9
North Rona | GB | -5.82 59.12 6
Sula Sgeir | GB | -6.17 59.1 6
Suheli | IN | 72.3 10.05 13
Egmont and Great Chagos Bank | IO MU | 71.5 -6.4 63
Nelson and Three Brothers | IO MU | 72.1 -6.17 43
Peros Banhos and Salomon | IO MU | 72 -5.3 53
Io-Torishima | JP | 128.99 28.8 7
Oki Daito | JP | 131.19 24.47 7
Okinotorishima | JP | 136.08 20.42 7
Birnie | KI | -171.52 -3.58 7
Caroline | KI | -150.21 -9.98 11
Kuria | KI | 173.42 0.25 11
Makin | KI | 173 3.38 11
McKean | KI | -172.86 -3.62 7
Rawaki | KI | -170.72 -3.72 8
Tarawa | KI | 173 1.42 28
Vostok | KI | -152.31 -10.06 7
Ailinginae | MH | 166.4 11.15 15
Ailinglaplap | MH | 168.7 7.9 33
Ailuk | MH | 169.9 10.3 23
Arno | MH | 171.7 7.1 23
Aur Maloelap | MH | 171.1 8.3 38
Bikar | MH | 170 12.2 13
Bikini | MH | 165.4 11.6 28
Enewetak | MH | 162.3 11.5 28
Erikub | MH | 171.9 8.1 11
Jabat | MH | 168.2 7.65 9
Jaluit | MH | 169.5 6.1 23
Jemo | MH | 169.7 10.15 9
Knox | MH | 171.85 6 18
Kwajalein | MH | 167.5 9 73
Lae | MH | 166.3 9 18
Likiep | MH | 169.2 9.8 18
Maloelap | MH | 171.1 8.75 33
Mejit | MH | 170.87 9.88 7
Mejit | MH | 170.9 10.15 9
Mili | MH | 171.9 6.2 23
Namorik | MH | 168.7 5.6 18
Namu | MH | 168 8.3 18
Rongerik | MH | 167.5 11.35 13
Ujae | MH | 165.7 8.9 18
Ujae | MH | 166 9.05 18
Ujelang | MH | 160.9 9.8 15
Utirik and Taka | MH | 169.8 11.2 18
Wotho | MH | 165.98 10.08 11
Wotje | MH | 170.1 9.45 31
Coco Islands | MM | 93.4 14.9 18
Saint Brandon | MU | 59.6 -16.6 38
Turtle Islands | MY | 118.1 6.17 18
Bounty Islands | NZ | 179.03 -47.75 8
L'Esperance Rock | NZ | -178.83 -31.35 7
Macauley and Curtis | NZ | -178.43 -30.24 13
Three Kings | NZ | 172.1 -34.15 13
Nukunonu | NZ TK | -171.82 -9.17 13
Carteret | PG | 155.4 -4.8 8
Ninigo | PG | 144.3 -1.25 23
Ninigo | PG | 145.05 -1.6 11
Nukumanu | PG | 159.45 -4.55 15
Takuu | PG | 157 -4.75 15
Vitu | PG | 146 -3.4 8
Wuvulu | PG | 142.85 -1.4 15
Turtle | PH | 118.45 7.12 23
Formigas | PT | -24.78 37.27 6
Helen Reef | PW | 131.8 2.87 8
Merir | PW | 132.32 4.32 7
Pulo Anna and Merir | PW | 132 4.67 21
Bennett | RU | 149.4 77.2 18
Herald | RU | -175.5 71.23 8
Jeannette | RU | 158.1 76.78 11
Schmidt | RU | 90 81 18
Ushakov | RU | 80 80.6 28
Anuta | SB | 169.85 -11.6 7
Bellona | SB | 160.3 -11.3 28
Fatutaka | SB | 170.2 -11.63 6
Ontong Java | SB | 159.4 -5.35 43
Sikaiana | SB | 162.85 -8.4 11
Astove | SC | 47.75 -10.1 11
Bird | SC | 55.2 -3.72 8
Desroches | SC | 53.66 -5.7 7
Farquhar | SC | 51.18 -10.12 18
Providence | SC | 51.04 -9.22 9
Southern Amirantes | SC | 53 -6.22 18
Inaccessible Nightingale | SH | -12.65 -37.3 17
Similan | TH | 97.8 9.1 23
Niuatoputapu | TO | -173.77 -15.95 11
Funafuti | TV | 179.12 -8.52 18
Niulakita | TV | 179.47 -10.79 6
Latham | TZ | 39.93 -6.9 7
French Frigate Shoals | US | -166.25 23.77 18
Pearl and Hermes | US | -175.85 27.84 13
La Orchila | VE | -65.7 11.99 11
Bach Long Vi | VN | 107.72 20.13 7
Ly Son | VN | 109.12 15.38 11
Tho Chu | VN | 103.47 9.28 8
Zubair | YE | 42.17 15.06 8
`

export const islands: readonly Island[] = table
  .trim()
  .split('\n')
  .map((row) => {
    const [name = '', codes = '', place = ''] = row.split(' | ')
    const [longitudeDeg, latitudeDeg, radiusKm] = place.split(' ').map(Number)
    if (longitudeDeg === undefined || latitudeDeg === undefined || radiusKm === undefined)
      throw new TypeError(`not an island: ${row}`)
    return { name, codes: codes.split(' '), longitudeDeg, latitudeDeg, radiusKm }
  })
