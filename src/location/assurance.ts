// How much a location means: levels of assurance, lowest to highest, and what each leaves open.

/**
 * What ties a place to a device.
 * - `label`: a name somebody gave a zone.
 * - `record`: somebody's record of where the device stands, signed or not.
 * - `ip-geolocation`: where a database puts a network address.
 * - `host-timing`: round trips to a key that no evidence binds to a device.
 * - `device-and-timing`: round trips to a key that the device's evidence names, but that may be anywhere.
 * - `attested-key-timing`: the same, with the key confined to an attested machine that holds the device.
 * - `device-timing`: the device itself signed inside the timed rounds.
 */
export type AssuranceName =
  | 'label'
  | 'record'
  | 'ip-geolocation'
  | 'host-timing'
  | 'device-and-timing'
  | 'attested-key-timing'
  | 'device-timing'

/** What ties a place to a device, and what that leaves open. */
export interface Assurance {
  readonly name: AssuranceName
  /** 0 (lowest) to 6. */
  readonly level: number
  /** Whether the key that answered, or whoever vouches, may be far from the device. */
  readonly relay: 'excluded-under-assumptions' | 'not-excluded'
  /** What a reader must know before relying on it. */
  readonly caveat: string
}

const table: Readonly<Record<AssuranceName, Omit<Assurance, 'name'>>> = {
  label: { level: 0, relay: 'not-excluded', caveat: 'A label says where somebody filed the device.' },
  record: { level: 1, relay: 'not-excluded', caveat: 'A record is as good as whoever keeps it; nothing was measured.' },
  'ip-geolocation': {
    level: 2,
    relay: 'not-excluded',
    caveat: 'A network address can be announced or tunnelled anywhere.',
  },
  'host-timing': { level: 3, relay: 'not-excluded', caveat: 'The timed key is not bound to any device.' },
  'device-and-timing': {
    level: 4,
    relay: 'not-excluded',
    caveat:
      'The bound is on the holder of the session key. Nothing shows that the key is confined to the machine of the device: a helper near the landmarks could hold it while the device is elsewhere.',
  },
  'attested-key-timing': {
    level: 5,
    relay: 'excluded-under-assumptions',
    caveat:
      'The bound is on the session key, and on the device as far as the listed agent image keeps that key to itself and takes reports from its own devices only.',
  },
  'device-timing': {
    level: 6,
    relay: 'excluded-under-assumptions',
    caveat: 'The bound is on the device that signed, as far as its attestation key has not left it.',
  },
}

/** The level of a name, whether a relay is excluded at it, and its caveat. Says nothing about any evidence. */
export function assurance(name: AssuranceName): Assurance {
  return { name, ...table[name] }
}
