// The command line's own mistakes, and the help text.

/** Exit codes: one per stage, so that scripts can tell a bad file from a bad device. */
export const exitCodes = { pass: 0, usage: 1, parse: 2, verify: 3, appraise: 4, collect: 5 } as const

/** A mistake in how the command was called. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const helpText = `gpu-attestation: check GPU attestation evidence without trusting the vendor's server

  gpu-attestation inspect FILE [--chain PEM] [--json]
      Show everything in the evidence. No verdict.

  gpu-attestation verify FILE --nonce HEX [options]
      Judge the evidence. The nonce is the one you chose, not the one in the file.
        --chain PEM            certificates that go with a bare report
        --collateral FILE      offline bundle of manifests and revocation status (see collect)
        --online               fetch what is missing from the vendor's public services
        --policy FILE          appraisal policy in JSON; without it the strictest
        --authenticity-only    stop after signature, chain and nonce: is the device genuine?
        --node ppcie           also judge the devices as one Protected PCIe node: 8 GPUs, 4 switches
        --node mpt --gpus N    the same for N GPUs passed through together
        --now ISO              judge at this time instead of the clock's
        --trust-anchor PEM     trust this root instead of the published ones (repeatable)
        --manifest-anchor PEM  the same for manifest signers
        --tolerate-trailing    accept bytes after the report's signature
        --json                 print the typed result

  gpu-attestation collect FILE --out BUNDLE [--chain PEM]
      Fetch manifests and revocation status for the evidence into one bundle.

  gpu-attestation locate BUNDLE --directory FILE --directory-key JWKS --directory-issuer ISS --policy FILE
                  --audience ID --nonce HEX --nonce-issued ISO --evidence FILE [options]
      Say what landmark-signed round-trip times prove about where attested devices are.
        --second-nonce HEX --second-nonce-issued ISO --second-evidence FILE
                               the same devices after the measurements
        --collateral FILE      also judge whether the devices' certificates are revoked (see collect)
        --machine FILE         facts from a confidential VM's evidence that you verified yourself
        --custom-territory CODE=GEOJSON   your own polygons (repeatable)
        --svg OUT              draw the region
        --trust-anchor, --now, --json as above; the devices' firmware is not judged here

  gpu-attestation plan --territory CODES [--outside] --landmarks FILE [options]
      Say which landmarks, at which delay, could prove a place, and where one more would help.
        --site LAT,LON  --candidate LAT,LON (repeatable)  --speed vacuum|fibre  --fault-tolerance N
        --sea counted|ignored  --custom-territory CODE=GEOJSON  --json

Exit codes: 0 pass, 1 wrong call, 2 unreadable input, 3 not authentic, 4 policy not met, 5 collateral missing.
`
