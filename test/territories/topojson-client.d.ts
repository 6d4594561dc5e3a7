// What the tests use of topojson-client 3.1, which ships no types.
declare module 'topojson-client' {
  type Position = readonly [number, number]
  interface Feature {
    readonly id?: string
    readonly properties: { readonly name: string }
    readonly geometry:
      | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly Position[])[] }
      | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly Position[])[])[] }
  }
  export function feature(topology: unknown, object: unknown): { readonly features: readonly Feature[] }
}
