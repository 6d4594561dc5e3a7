export { AttestationError } from './result/error.js'
