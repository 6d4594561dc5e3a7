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
        --node                 also judge the devices as one node (Protected PCIe or multi-GPU)
        --now ISO              judge at this time instead of the clock's
        --trust-anchor PEM     trust this root instead of the published ones (repeatable)
        --manifest-anchor PEM  the same for manifest signers
        --tolerate-trailing    accept bytes after the report's signature
        --json                 print the typed result

  gpu-attestation collect FILE --out BUNDLE [--now ISO]
      Fetch manifests and revocation status for the evidence into one bundle.

  gpu-attestation locate BUNDLE --directory FILE --policy FILE [--svg OUT] [--json]
      Say what signed round-trip times prove about the place.

  gpu-attestation plan --territory CODE --landmarks FILE [--json]
      Say which landmarks, at which delay, could prove a place.

Exit codes: 0 pass, 1 wrong call, 2 unreadable input, 3 not authentic, 4 policy not met, 5 collateral missing.
`
