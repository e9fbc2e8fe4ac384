export { checkTemplate, type TemplateCheck } from './check-template.ts'
export { tronEnvironment } from './environment.ts'
export { renderCommand } from './render-command.ts'
export type { RenderContext, Rendered } from './render-context.ts'
