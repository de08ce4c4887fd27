/** The description of the HTTP interface, generated from the very schemas that check requests. */
import { z } from 'zod';
import { refusalTable } from '../../shared/refusal.ts';
import type { Route } from './route.ts';

type Json = Readonly<Record<string, unknown>>;
interface Described {
  readonly method: string; readonly path: string; readonly summary: string; readonly session: 'required' | 'none'; readonly status?: number; readonly fromServers?: boolean;
  readonly query?: z.ZodType; readonly body?: z.ZodType; readonly answer: z.ZodType;
}

/** An OpenAPI 3.1 document of these routes. */
export function describeRoutes(routes: readonly Route[], publicUrl: string, version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes as unknown as readonly Described[]) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: describe(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Accord', version, description: 'One palliative care plan, written together, signed off once, audited throughout.' },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'accord_session' } },
      schemas: { Problem: problemSchema },
    },
  };
}

function describe(route: Described): Json {
  const status = route.status ?? 200;
  const changes = route.method !== 'get';
  return {
    summary: route.summary,
    ...(route.session === 'required' ? { security: [{ session: [] }] } : { security: [] }),
    parameters: [...pathParameters(route.path), ...queryParameters(route.query), ...(changes && !route.fromServers ? headers : [])],
    ...(route.body ? { requestBody: { required: true, content: { [route.fromServers ? 'application/x-www-form-urlencoded' : 'application/json']: { schema: schemaOf(route.body, 'input') } } } } : {}),
    responses: {
      [status]: status >= 300 ? { description: 'The page to go on with' } : status === 204 ? { description: 'Done' } : { description: 'Done', content: { 'application/json': { schema: schemaOf(route.answer, 'output') } } },
      default: { description: 'Refused', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    },
  };
}

const pathParameters = (path: string): Json[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

function queryParameters(query: z.ZodType | undefined): Json[] {
  if (!query) return [];
  const { properties = {}, required = [] } = schemaOf(query, 'input') as { properties?: Record<string, unknown>; required?: string[] };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }));
}

const headers: Json[] = [
  { name: 'Origin', in: 'header', required: true, schema: { type: 'string' }, description: 'The address of the service' },
  { name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string' }, description: 'Sent again with the same request: the same answer, nothing done twice' },
];

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
};

const problemSchema: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string' }, title: { type: 'string' }, status: { type: 'integer' }, detail: { type: 'string' },
    code: { type: 'string', enum: [...Object.keys(refusalTable), 'internal'] },
    problems: { type: 'array', items: { type: 'object', required: ['field', 'message'], properties: { field: { type: 'string' }, message: { type: 'string' } } } },
  },
};
