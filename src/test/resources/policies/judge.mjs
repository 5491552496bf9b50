// Writes judged.json, beside this file: policies and requests, with the judgement of the IAM simulator of
// @cloud-copilot/iam-simulate. PolicyComparisonTest compares our evaluator with it. To write it again:
//
//   cd $(mktemp -d) && npm install --ignore-scripts @cloud-copilot/iam-simulate@0.1.173
//   cp PROJECT/src/test/resources/policies/judge.mjs . && node judge.mjs > PROJECT/src/test/resources/policies/judged.json
//
// The simulator needs a resource of the form API/STAGE/METHOD/PATH with a path, so the path / and $connect are left out.
// It reads dates in ISO 8601 only. It matches the id of an API apart from the rest, so wildcards in the id are left out.
import { runSimulation } from '@cloud-copilot/iam-simulate'

let state = 20120917
function random(below) { // a linear congruential generator, so that the cases are the same each time
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 4294967296) * below)
}
const pick = list => list[random(list.length)]

const account = '123456789012'
const stages = ['abc/prod', 'abc/test', 'abd/prod', 'abc/prod2']
const arn = (stage, rest) => `arn:aws:execute-api:eu-west-1:${account}:${stage}/${rest}`
const now = '2026-02-27T12:00:00Z'
const dates = ['2026-02-27T11:59:59Z', now, '2026-02-27T12:00:01Z', '2020-01-01T00:00:00Z', '9990-01-01T00:00:00Z']
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const paths = ['orders', 'orders/', 'orders/42', 'orders/42/lines', 'Orders/42', 'admin/x', 'public/admin/x', 'a', 'ab', 'a.b-c_~',
    "a(b)'c!", 'a%20b', 'aXbXc', 'a//b', '..', 'a/../b', 'GET/a', '$x', 'a+b&c=d,e;f:g@h']
const routes = ['*', 'GET/*', '*/orders', '*/orders/*', 'GET/orders/*', 'GET/*/lines', 'GET/a?', 'GET/?', 'G?T/a', '*/admin/*', 'GET/a*b*c',
    'GET/**', '?ET/*', 'GET/', 'POST/orders', 'DELETE/*', 'GET/orders/??', "GET/a(b)'c!", 'GET/a.b-c_~', 'GET/a//b', 'GET/..', '*a', '*/*/*',
    'GET/a+b&c=d,e;f:g@h', 'get/orders', 'GET/Orders/*', 'GET/$x']
const actions = ['execute-api:Invoke', 'execute-api:Invoke', 'execute-api:Invoke', 'execute-api:invoke', 'execute-api:*', '*',
    'execute-api:Inv*', 'execute-api:?nvoke', 'execute-api:ManageConnections', 'EXECUTE-API:INVOKE']
const operators = ['DateLessThan', 'DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals', 'DateEquals', 'DateNotEquals']

function condition() {
    const one = {}
    for (let i = 0; i < (random(4) ? 1 : 2); i++) {
        one[pick(operators)] = { [pick(['aws:CurrentTime', 'aws:CurrentTime', 'aws:currenttime'])]: random(4) ? pick(dates) : [pick(dates), pick(dates)] }
    }
    return one
}

function statement(effect) {
    const resource = () => random(9) ? arn(random(4) ? stages[0] : pick([...stages, 'abc/*', 'abc/pro?', 'abc/p*d']), pick(routes)) : '*'
    const resources = Array.from({ length: 1 + random(3) }, resource)
    return {
        Effect: effect,
        Action: random(5) ? pick(actions) : [pick(actions), pick(actions)],
        Resource: resources.length === 1 && random(2) ? resources[0] : resources,
        ...(random(3) ? {} : { Condition: condition() })
    }
}

/** A policy of any statements, or one as the function writes it. */
function policy() {
    if (random(3)) {
        return { Version: '2012-10-17', Statement: Array.from({ length: 1 + random(3) }, () => statement(random(3) ? 'Allow' : 'Deny')) }
    }
    const allow = {
        Effect: 'Allow',
        Action: 'execute-api:Invoke',
        Resource: methods.map(method => arn(stages[0], method + '/*')),
        Condition: { DateLessThan: { 'aws:CurrentTime': pick(dates) } }
    }
    const path = pick(['/orders/*', '/admin/*', '/*', '/a*b*c', '/orders'])
    const denied = random(2) ? methods : [pick(methods)]
    return { Version: '2012-10-17', Statement: [allow, { Effect: 'Deny', Action: 'execute-api:Invoke', Resource: denied.map(one => arn(stages[0], one + path)) }] }
}

const verdicts = { Allowed: 'ALLOW', ExplicitlyDenied: 'EXPLICIT_DENY', ImplicitlyDenied: 'IMPLICIT_DENY' }
const lines = []
for (let i = 0; i < 150; i++) {
    const document = policy()
    const requests = {}
    for (let j = 0; j < 8; j++) {
        const resource = arn(random(6) ? stages[0] : pick(stages), (random(3) ? 'GET' : pick(methods)) + '/' + pick(paths))
        const response = await runSimulation({
            identityPolicies: [{ name: 'policy', policy: document }],
            serviceControlPolicies: [],
            resourceControlPolicies: [],
            request: {
                action: 'execute-api:Invoke',
                principal: `arn:aws:iam::${account}:user/caller`,
                resource: { accountId: account, resource },
                contextVariables: { 'aws:CurrentTime': now }
            }
        }, {})
        if (response.resultType !== 'single') {
            throw new Error(JSON.stringify([document, resource, response.errors ?? response.resultType]))
        }
        requests[resource] = verdicts[response.overallResult]
    }
    lines.push(JSON.stringify({ policy: document, requests }))
}
console.log(`{"simulator":"@cloud-copilot/iam-simulate 0.1.173","now":"${now}","cases":[\n${lines.join(',\n')}\n]}`)
