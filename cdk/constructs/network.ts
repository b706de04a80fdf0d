import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib'
import {
  CfnEIP,
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  NatProvider,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'

/**
 * Where workers live: private subnets in two zones, out through NAT. Its Elastic IPs are what gateways whitelist, so
 * they outlive the stack; traffic to S3 and DynamoDB does not go through it.
 */
export class Network extends Construct {
  readonly vpc: IVpc

  constructor(scope: Construct, id: string, props: { natGateways: number; logDays: RetentionDays }) {
    super(scope, id)
    const addresses = Array.from({ length: props.natGateways }, (_, i) => {
      const address = new CfnEIP(this, `Address${i + 1}`, { domain: 'vpc' })
      address.applyRemovalPolicy(RemovalPolicy.RETAIN)
      new CfnOutput(this, `WhitelistAddress${i + 1}`, {
        key: `WhitelistAddress${i + 1}`,
        value: address.attrPublicIp,
        description: 'An address that workers connect from: SMPP gateways must whitelist it',
      })
      return address
    })
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.20.0.0/20'),
      maxAzs: 2,
      natGateways: props.natGateways,
      natGatewayProvider: NatProvider.gateway({
        eipAllocationIds: addresses.map(({ attrAllocationId }) => attrAllocationId),
      }),
      subnetConfiguration: [
        { name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 26, mapPublicIpOnLaunch: false },
        { name: 'Workers', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 },
      ],
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDB: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    })
    vpc.addFlowLog('Rejected', {
      // What was let through is known from the platform's own logs.
      trafficType: FlowLogTrafficType.REJECT,
      destination: FlowLogDestination.toCloudWatchLogs(
        new LogGroup(this, 'FlowLog', { retention: props.logDays, removalPolicy: RemovalPolicy.DESTROY }),
      ),
    })
    this.vpc = vpc as IVpc
  }
}
