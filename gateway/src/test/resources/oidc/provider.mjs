// A standard OpenID Connect provider on a port of loopback: node provider.mjs PORT. It generates its
// keys at startup, so a restart rotates them. Users sign in with any password.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { Provider } from 'oidc-provider';

const port = Number(process.argv[2]);
const groups = { ada: ['staff', 'chiefs'], bob: ['staff'] };
const audiences = { 'urn:agentledger': 'agentledger', 'urn:another': 'another' };

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' };

const provider = new Provider(`http://127.0.0.1:${port}`, {
  jwks: { keys: [key] },
  cookies: { keys: [randomUUID()] },
  clients: [
    {
      client_id: 'dashboard',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/callback'],
    },
  ],
  findAccount: (ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
  extraTokenClaims: (ctx, token) => ({
    groups: groups[token.accountId] ?? [],
    name: `${token.accountId} of the provider`,
    email: `${token.accountId}@provider.example`,
    email_verified: true,
  }),
  features: {
    devInteractions: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (ctx, resource) => ({
        scope: 'openid',
        audience: audiences[resource],
        accessTokenFormat: 'jwt',
        accessTokenTTL: 600,
      }),
    },
  },
});

provider.listen(port, '127.0.0.1', () => console.log('ready'));
