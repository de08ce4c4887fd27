/** Starts the test provider (oidcProvider.main.ts) beside a service, and signs people in through it as a browser would. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { providerPeople, providerRoles, type ProviderOrder } from './oidcPeople.ts';

export interface TestProvider {
  readonly issuer: string;
  stop(): Promise<void>;
}
export const clientOfTests = { clientId: 'accord', clientSecret: 'a secret of the tests' } as const;

/** Settings of a service whose people sign in at `http://127.0.0.1:<port>`, with the roles file written down. */
export function providerSettings(port: number, roles: unknown = providerRoles) {
  const rolesFile = path.join(mkdtempSync(path.join(tmpdir(), 'accord-roles-')), 'roles.json');
  writeFileSync(rolesFile, JSON.stringify(roles));
  return { issuer: `http://127.0.0.1:${port}`, ...clientOfTests, rolesFile, rolesFileNamed: true };
}

/** Resolves once the provider answers. */
export async function startProvider(port: number, publicUrl: string): Promise<TestProvider> {
  const order: ProviderOrder = { port, publicUrl, ...clientOfTests };
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', path.join('test', 'support', 'oidcProvider.main.ts')], {
    cwd: process.cwd(), env: { PATH: process.env['PATH'], HOME: process.env['HOME'], OIDC_PROVIDER_ORDER: JSON.stringify(order) }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      if (/^ready$/m.test(said)) resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code) => reject(new Error(`the test provider ended with ${code}:\n${said}`)));
  });
  return {
    issuer: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill();
      await gone;
    },
  };
}

/** A browser as far as signing in needs one: cookies of this machine, and redirects that are looked at one by one. */
export class Browser {
  readonly cookies = new Map<string, string>();

  get cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async go(url: string, init: { readonly method?: string; readonly body?: URLSearchParams; readonly headers?: Record<string, string> } = {}): Promise<{ readonly status: number; readonly location: string | undefined; readonly text: string }> {
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, ...(this.cookies.size > 0 ? { cookie: this.cookieHeader } : {}) } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const location = response.headers.get('location');
    return { status: response.status, location: location === null ? undefined : new URL(location, url).href, text: await response.text() };
  }

  /** A page that sends its own form at once counts as a redirect: the provider has one when another person signs in. */
  async #goOn(at: string): ReturnType<Browser['go']> {
    const answer = await this.go(at);
    const action = answer.text.includes('document.forms[0].submit()') ? /<form method="post" action="([^"]+)"/.exec(answer.text)?.[1] : undefined;
    if (action === undefined) return answer;
    const fields = [...answer.text.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']): [string, string] => [name, value]);
    return this.go(action, { method: 'POST', body: new URLSearchParams(fields) });
  }

  /** Follows redirects until one leads to an address that begins so; answers it without going there. */
  async until(url: string, stop: (address: string) => boolean): Promise<string> {
    let at = url;
    for (let step = 0; step < 12; step += 1) {
      if (stop(at)) return at;
      const { location, status, text } = await this.#goOn(at);
      if (location === undefined) throw new Error(`${at} answered ${status} and led nowhere: ${text.slice(0, 300)}`);
      at = location;
    }
    throw new Error(`no end of redirects from ${url}`);
  }
}

/** From "sign in" to the callback's address with its code, which is not gone to yet. `who`: name of a person of the provider. */
export async function toCallback(browser: Browser, publicUrl: string, who: string, login = '/auth/login'): Promise<string> {
  const isCallback = (address: string): boolean => address.startsWith(`${publicUrl}/auth/callback`);
  const person = providerPeople.find(({ claims }) => claims['name'] === who);
  if (!person) throw new Error(`the provider knows no ${who}`);
  const arrived = await browser.until(publicUrl + login, (address) => isCallback(address) || address.includes('/interaction/'));
  // Signed in at the provider already, and not asked anew.
  if (isCallback(arrived)) return arrived;
  const answered = await browser.go(arrived, { method: 'POST', body: new URLSearchParams({ login: person.sub }) });
  if (answered.location === undefined) throw new Error(`the provider answered ${answered.status}: ${answered.text.slice(0, 300)}`);
  return browser.until(answered.location, isCallback);
}

/** Signs in all the way; answers where the service sends the browser then. */
export async function signInAtProvider(browser: Browser, publicUrl: string, who: string, login?: string): Promise<string> {
  const { location, status } = await browser.go(await toCallback(browser, publicUrl, who, login));
  if (location === undefined) throw new Error(`the callback answered ${status}`);
  return location.slice(publicUrl.length);
}
