// Sends events with Segment's server library: node send.mjs HOST WRITE_KEY COUNT
import { createRequire } from 'node:module'

const { Analytics } = createRequire(process.env.TAILORBIRD_NODE_MODULES + '/')('@segment/analytics-node')
const [host, writeKey, count] = process.argv.slice(2)
const analytics = new Analytics({ writeKey, host, flushAt: 100, maxRetries: 3, httpRequestTimeout: 60000 })
let failed = 0
analytics.on('error', (error) => { failed += 1; console.error(error) })
for (let n = 0; n < Number(count); n += 1) {
  const userId = `node-${n % 500}`
  if (n % 10 === 0) analytics.identify({ userId, traits: { n } })
  else if (n % 10 === 1) analytics.page({ userId, name: 'Home' })
  else analytics.track({ userId, event: 'Product Viewed', properties: { product_id: `p${n}`, price: n / 100 } })
  if (n % 1000 === 999) await analytics.flush()
}
await analytics.closeAndFlush({ timeout: 120000 })
process.exit(failed ? 1 : 0)
