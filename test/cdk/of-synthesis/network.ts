import { describe, expect, it } from 'vitest'
import { synthesis } from '../support/synthesis.ts'

const dev = () => synthesis('dev')

describe('the network', () => {
  it('keeps the addresses that gateways whitelist when everything else goes, and tells them', () => {
    const addresses = dev().resources('AWS::EC2::EIP')
    expect(
      addresses.map(([, { DeletionPolicy, UpdateReplacePolicy }]) => [DeletionPolicy, UpdateReplacePolicy]),
    ).toEqual([['Retain', 'Retain']])
    const [[id]] = addresses as [[string, unknown]]
    expect(dev().resource('AWS::EC2::NatGateway').Properties.AllocationId).toEqual({
      'Fn::GetAtt': [id, 'AllocationId'],
    })
    expect(dev().template.Outputs.WhitelistAddress1?.Value).toEqual({ 'Fn::GetAtt': [id, 'PublicIp'] })
  })

  it('has a way out through each of two zones in prod', () => {
    const prod = synthesis('prod')
    expect(prod.resources('AWS::EC2::NatGateway')).toHaveLength(2)
    expect(Object.keys(prod.template.Outputs)).toEqual(
      expect.arrayContaining(['WhitelistAddress1', 'WhitelistAddress2']),
    )
  })

  it('reaches S3 and DynamoDB without NAT', () => {
    const services = dev()
      .resources('AWS::EC2::VPCEndpoint')
      .map(([, { Properties }]) => [Properties.VpcEndpointType, JSON.stringify(Properties.ServiceName)])
    expect(services).toEqual([
      ['Gateway', expect.stringContaining('.s3')],
      ['Gateway', expect.stringContaining('.dynamodb')],
    ])
  })

  it('lets nothing in', () => {
    expect(dev().resources('AWS::EC2::SecurityGroupIngress')).toEqual([])
    for (const [, { Properties }] of dev().resources('AWS::EC2::SecurityGroup')) {
      expect(Properties.SecurityGroupIngress).toBeUndefined()
    }
  })
})
