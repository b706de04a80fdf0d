import type { APIGatewayProxyEventV2 } from 'aws-lambda'

const ROUTE_KEY = '$default'

/**
 * What API Gateway hands to a function for a request to an HTTP API (payload format 2.0): header names in lower case,
 * binary bodies in base64, the query both raw and parsed. Events of queues and schedules: `local/lambda-events.ts`.
 */
export function httpEvent(
  method: string,
  pathAndQuery: string,
  options: { headers?: Record<string, string>; body?: string | Uint8Array } = {},
): APIGatewayProxyEventV2 {
  const { pathname, search, searchParams, host } = new URL(pathAndQuery, 'https://api.example.com')
  const headers = Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])
  const { body } = options
  return {
    version: '2.0',
    routeKey: ROUTE_KEY,
    rawPath: pathname,
    rawQueryString: search.slice(1),
    ...(search && { queryStringParameters: Object.fromEntries(searchParams) }),
    headers: {
      host,
      'x-forwarded-proto': 'https',
      'x-forwarded-port': '443',
      ...Object.fromEntries(headers),
    },
    requestContext: {
      accountId: '123456789012',
      apiId: 'a1b2c3d4e5',
      domainName: host,
      domainPrefix: 'api',
      http: { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'curl/8.5.0' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: ROUTE_KEY,
      stage: ROUTE_KEY,
      time: '01/Sep/2026:06:00:00 +0000',
      timeEpoch: Date.UTC(2026, 8, 1, 6),
    },
    ...(body !== undefined && {
      body: typeof body === 'string' ? body : Buffer.from(body).toString('base64'),
    }),
    isBase64Encoded: body !== undefined && typeof body !== 'string',
  }
}
