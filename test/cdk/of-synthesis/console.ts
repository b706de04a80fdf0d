import { describe, expect, it } from 'vitest'
import { synthesis } from '../support/synthesis.ts'

const dev = () => synthesis('dev')
const distribution = () => dev().resource('AWS::CloudFront::Distribution').Properties.DistributionConfig

describe('the console', () => {
  it('is read from its bucket by CloudFront alone', () => {
    const origin = distribution().Origins.find(
      ({ Id }: { Id: string }) => Id === distribution().DefaultCacheBehavior.TargetOriginId,
    )
    expect(origin.OriginAccessControlId).toBeDefined()
    const { Statement } = dev().resource('AWS::S3::BucketPolicy', 'ConsoleBucket').Properties.PolicyDocument
    expect(Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow')).toMatchObject([
      { Action: 's3:GetObject', Principal: { Service: 'cloudfront.amazonaws.com' } },
    ])
  })

  it('has the API under its own origin, never cached, errors included', () => {
    const [behavior] = distribution().CacheBehaviors
    expect(behavior).toMatchObject({ PathPattern: '/v1/*', ViewerProtocolPolicy: 'https-only' })
    expect(behavior.AllowedMethods).toEqual(
      expect.arrayContaining(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
    )
    // CachingDisabled, of the policies that AWS manages.
    expect(behavior.CachePolicyId).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad')
    expect(distribution().CustomErrorResponses).toContainEqual({ ErrorCode: 404, ErrorCachingMinTTL: 0 })
  })

  it('is served with security headers, and may connect to nothing but the platform', () => {
    const { SecurityHeadersConfig } = dev().resource('AWS::CloudFront::ResponseHeadersPolicy').Properties
      .ResponseHeadersPolicyConfig
    expect(SecurityHeadersConfig).toMatchObject({
      ContentTypeOptions: { Override: true },
      FrameOptions: { FrameOption: 'DENY' },
      ReferrerPolicy: { ReferrerPolicy: 'no-referrer' },
      StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000 },
    })
    const policy = JSON.stringify(SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy)
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain('RegionalDomainName')
    expect(policy).not.toMatch(/unsafe|\*/)
  })
})
