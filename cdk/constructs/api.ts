import { RemovalPolicy } from 'aws-cdk-lib'
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { StageConfig } from '../config.ts'
import { acknowledge } from './acknowledge.ts'

/** Who called what and how it went; neither keys nor bodies. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    at: '$context.requestTimeEpoch',
    ip: '$context.identity.sourceIp',
    method: '$context.httpMethod',
    path: '$context.path',
    status: '$context.status',
    octets: '$context.responseLength',
    latencyMs: '$context.responseLatency',
    integrationError: '$context.integrationErrorMessage',
  }),
)

/** `/v1/*` over HTTPS to the function; keys are checked by the function itself. */
export class Api extends Construct {
  readonly http: HttpApi
  readonly url: string
  /** Host name, for whoever puts something in front. */
  readonly host: string

  constructor(
    scope: Construct,
    id: string,
    props: { config: StageConfig; lambda: LambdaFunction; name: string },
  ) {
    super(scope, id)
    const { logDays, throttle } = props.config
    this.http = new HttpApi(this, 'Http', { apiName: props.name, createDefaultStage: false })
    const routes = this.http.addRoutes({
      path: '/v1/{proxy+}',
      methods: [HttpMethod.ANY],
      integration: new HttpLambdaIntegration('Function', props.lambda),
    })
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.http,
      autoDeploy: true,
      throttle: { rateLimit: throttle.ratePerSecond, burstLimit: throttle.burst },
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: ACCESS_LOG },
    })
    this.url = stage.url
    this.host = `${this.http.apiId}.execute-api.${props.config.region}.amazonaws.com`
    for (const route of routes) {
      acknowledge(
        route,
        'API keys are checked by the function (lambdas/api/auth.ts); health and the API document need none.',
        'AwsSolutions-APIG4',
      )
    }
  }
}
