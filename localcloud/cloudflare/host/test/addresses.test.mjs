import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Addresses, matcher } from '../addresses.mjs';

const CASES = /** @type {const} */ ([
  ['example.com/*', 'example.com', '/', true],
  ['example.com/*', 'www.example.com', '/', false],
  ['*.example.com/*', 'www.example.com', '/a', true],
  ['*.example.com/*', 'example.com', '/a', false],
  ['*example.com/*', 'example.com', '/a', true],
  ['https://example.com/images/*', 'example.com', '/images/cat.png', true],
  ['example.com/images/*', 'example.com', '/image', false],
  ['example.com/images*', 'example.com', '/images', true],
  ['example.com/exact', 'example.com', '/exact', true],
  ['example.com/exact', 'example.com', '/exact/more', false],
  ['example.com', 'example.com', '/', true],
  ['exampleXcom/*', 'example.com', '/', false],
]);

for (const [pattern, host, path, expected] of CASES) {
  it(`${pattern} ${expected ? 'matches' : 'does not match'} ${host}${path}`, () => assert.equal(matcher(pattern)(host, path), expected));
}

it('takes the most specific route, and none where a route names no script', () => {
  const addresses = new Addresses();
  addresses.port = 4567;
  addresses.replace({
    subdomain: {},
    routes: [
      { pattern: '*.example.com/*', script: 'wild' },
      { pattern: 'api.example.com/*', script: 'api' },
      { pattern: 'api.example.com/v2/*', script: 'v2' },
      { pattern: 'api.example.com/static/*', script: null },
    ],
  });
  /** @param {string} host @param {string} url */
  const script = (host, url) => {
    const found = addresses.find(host, url);
    return typeof found === 'string' ? found : found.script;
  };
  assert.equal(script('www.example.com', '/'), 'wild');
  assert.equal(script('api.example.com:4567', '/v1?x=/v2/'), 'api');
  assert.equal(script('API.example.com', '/v2/a'), 'v2');
  assert.equal(script('api.example.com', '/static/a'), 'unknown-script');
  assert.equal(script('example.org', '/'), 'unknown-host');
});

it('knows loopback names on its own port only', () => {
  const addresses = new Addresses();
  addresses.port = 4567;
  for (const host of ['127.0.0.1:4567', 'localhost:4567', '[::1]:4567', 'localhost']) assert.ok(addresses.isLoopback(host), host);
  for (const host of ['localhost:80', '127.0.0.1.example.com', 'example.com', '', 'localhost:4567:1']) assert.ok(!addresses.isLoopback(host), host);
});
