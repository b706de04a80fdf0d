import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { type APIGatewayProxyResult, handle, type LambdaEvent } from 'hono/aws-lambda'
import { depsFromEnv } from '../../aws/deps.ts'
import { createApp } from './app.ts'
import type { ApiDeps } from './context.ts'

export type ApiHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyResult>

/** The API for events of an API Gateway HTTP API (payload format 2.0). */
export function apiHandler(deps: ApiDeps): ApiHandler {
  const handleEvent = handle(createApp(deps))
  // Hono's own type of the event asks for a body that API Gateway leaves out when there is none.
  return (event) => handleEvent(event as unknown as LambdaEvent)
}

let warm: ApiHandler | undefined

/** Built with the first event and kept for the life of the environment. */
export const handler: ApiHandler = (event) => {
  warm ??= apiHandler(depsFromEnv())
  return warm(event)
}
