// A point and a distance to a territory of the caller's own, such as a data-centre campus.
import { pointOnCircle } from '../location/geometry/cap.js'
import { angle, earthRadiusMeters, fromDegrees, type Vector3 } from '../location/geometry/vector.js'
import { boundaryLine } from '../location/territory-line.js'
import type { TerritoryMap } from '../location/territory-map.js'
import { parseError } from '../result/error.js'
import { drawnTerritory, requireQuantity } from './drawn.js'

const corners = 360

/** WGS 84 distances differ from those on the sphere by up to 0.57 %. */
const ellipsoidShare = 0.0057

/**
 * All points within `radiusMeters` of a place. The circle is drawn as a polygon; the difference, and that between sphere
 * and ellipsoid (0.57 % of the radius), count as error on both sides.
 * @throws AttestationError `location/territory-code`, `location/coordinate`, `location/quantity`, `location/polygon` when
 *   the north pole is within
 */
export function capTerritory(input: {
  readonly code: string
  readonly latitudeDeg: number
  readonly longitudeDeg: number
  /** Up to 5,000 km. */
  readonly radiusMeters: number
}): TerritoryMap {
  const { code, latitudeDeg, longitudeDeg, radiusMeters } = input
  requireQuantity(radiusMeters * 2, 'radiusMeters')
  const center = fromDegrees(latitudeDeg, longitudeDeg)
  const radiusRad = radiusMeters / earthRadiusMeters
  // The inside is told by what lies north of a point, so the north pole itself must be outside.
  if (angle(center, [0, 0, 1]) < radiusRad * 1.01 + 0.001)
    throw parseError('location/polygon', 'radiusMeters', { reason: 'north-pole' })
  // Any direction serves to start from; the poles are never both at the centre or opposite it.
  const towards: Vector3 = Math.abs(latitudeDeg) > 45 ? [1, 0, 0] : [0, 0, 1]
  const rim = Array.from({ length: corners }, (_, corner) =>
    pointOnCircle({ center, radiusRad }, towards, (2 * Math.PI * corner) / corners),
  )
  const points = Float64Array.from([...rim, ...rim.slice(0, 1)].flat())
  // A chord of a circle leaves it by at most the radius times (1 - cos of half the angle it spans), on the sphere too.
  const sagitta = radiusMeters * (1 - Math.cos(Math.PI / corners))
  return drawnTerritory(code, [[boundaryLine(points)]], sagitta + radiusMeters * ellipsoidShare + 1)
}
