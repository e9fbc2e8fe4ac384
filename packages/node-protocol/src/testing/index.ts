export { PROTOCOL_COVERAGE } from './coverage.ts'
export { PROTOCOL_RULES } from './rules.ts'
export { type ProtocolRun, simulateProtocol } from './simulate-protocol.ts'
