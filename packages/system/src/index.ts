export { createLogger, type LogDestination, type LoggerOptions, type LogLevel } from './logger.ts'
export { createSecretResolver, type SecretResolverOptions } from './secret-resolver.ts'
export { systemClock } from './system-clock.ts'
export { systemRandom } from './system-random.ts'
