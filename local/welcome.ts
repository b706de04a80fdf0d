import { relative } from 'node:path'
import { DEMO_VARIABLES, SHORT_TEMPLATE } from './seed/demo-tenant.ts'

/** What a newcomer sees: where it is, the key, and commands that work when pasted one after the other. */
export function welcome(url: string, key: string, sample: string): string {
  const campaign = JSON.stringify({
    name: 'My first campaign',
    templateId: SHORT_TEMPLATE.id,
    mapping: { to: 'mobile', variables: DEMO_VARIABLES },
  })
  const file = relative(process.cwd(), sample) || sample
  return `Dakghar is running at ${url}   (Ctrl-C drains and stops it)

  API key   ${key}
  API docs  ${url}/v1/openapi.json

Try it in another shell, in this directory. Create a campaign with a CSV, check and launch it, read its report (for the
first seconds it grows; it is complete when "settled" is true):

  URL=${url} AUTH='Authorization: Bearer ${key}'

  ID=$(curl -s $URL/v1/campaigns -H "$AUTH" -F 'campaign=${campaign}' -F file=@${file} | cut -d'"' -f6); echo $ID

  curl -sw '\\n' $URL/v1/campaigns/$ID/check -H "$AUTH" -H 'Content-Type: application/json' -d '{"thenLaunch":true}'

  curl -sw '\\n' $URL/v1/campaigns/$ID/report -H "$AUTH"
`
}
