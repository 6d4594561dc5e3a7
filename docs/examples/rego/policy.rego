# A relying party's policy over the claims of a verifier, in the form NVIDIA's attestation SDK evaluates:
# input is a list of device claims (GPU 3.0 or 4.0, switch 3.0), the decision is data.policy.nv_match.
package policy

import rego.v1

default nv_match := false

nv_match if {
	# Without this, no devices at all would satisfy "every device".
	count(input) > 0
	count({device.ueid | some device in input}) == count(input)
	every device in input {
		trusted(device)
	}
}

trusted(device) if {
	device["x-nvidia-device-type"] == "gpu"
	measured(device)
	every flag in gpu_flags {
		device[flag] == true
	}
	every chain in gpu_chains {
		sound(device[chain])
	}
	security_versions(device)
}

trusted(device) if {
	device["x-nvidia-device-type"] == "nvswitch"
	measured(device)
	every flag in switch_flags {
		device[flag] == true
	}
	every chain in switch_chains {
		sound(device[chain])
	}
}

measured(device) if {
	device.measres == "success"
	device.secboot == true
	device.dbgstat == "disabled"
	nothing(device["x-nvidia-mismatch-measurement-records"])
}

# Claims 4.0 must state it; earlier ones cannot.
security_versions(device) if {
	device["x-nvidia-gpu-claims-version"] == "4.0"
	nothing(device["x-nvidia-mismatch-opaque-data-records"])
}

security_versions(device) if device["x-nvidia-gpu-claims-version"] == "3.0"

# Not demanded: x-nvidia-cert-ocsp-nonce-matches. Recorded responses are shared, so that no nonce is compared.
sound(chain) if {
	chain["x-nvidia-cert-status"] == "valid"
	chain["x-nvidia-cert-ocsp-status"] == "good"
}

nothing(value) if value == null

nothing(value) if value == []

gpu_flags := [
	"x-nvidia-gpu-arch-check",
	"x-nvidia-gpu-attestation-report-parsed",
	"x-nvidia-gpu-attestation-report-nonce-match",
	"x-nvidia-gpu-attestation-report-signature-verified",
	"x-nvidia-gpu-attestation-report-cert-chain-fwid-match",
	"x-nvidia-gpu-driver-rim-fetched",
	"x-nvidia-gpu-driver-rim-signature-verified",
	"x-nvidia-gpu-driver-rim-version-match",
	"x-nvidia-gpu-driver-rim-measurements-available",
	"x-nvidia-gpu-vbios-rim-fetched",
	"x-nvidia-gpu-vbios-rim-signature-verified",
	"x-nvidia-gpu-vbios-rim-version-match",
	"x-nvidia-gpu-vbios-rim-measurements-available",
	"x-nvidia-gpu-vbios-index-no-conflict",
]

gpu_chains := [
	"x-nvidia-gpu-attestation-report-cert-chain",
	"x-nvidia-gpu-driver-rim-cert-chain",
	"x-nvidia-gpu-vbios-rim-cert-chain",
]

switch_flags := [
	"x-nvidia-switch-arch-check",
	"x-nvidia-switch-attestation-report-parsed",
	"x-nvidia-switch-attestation-report-nonce-match",
	"x-nvidia-switch-attestation-report-signature-verified",
	"x-nvidia-switch-attestation-report-cert-chain-fwid-match",
	"x-nvidia-switch-bios-rim-fetched",
	"x-nvidia-switch-bios-rim-signature-verified",
	"x-nvidia-switch-bios-rim-version-match",
	"x-nvidia-switch-bios-rim-measurements-available",
]

switch_chains := [
	"x-nvidia-switch-attestation-report-cert-chain",
	"x-nvidia-switch-bios-rim-cert-chain",
]
