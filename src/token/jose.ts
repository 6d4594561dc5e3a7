// What is used of `jose`, in a file of its own that is loaded with the first signature.
export { compactVerify } from 'jose/jws/compact/verify'
