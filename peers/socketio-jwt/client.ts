import { tokenClient } from '../shared/token-client.ts';

export const createClient = tokenClient((token) => ({ extraHeaders: { authorization: `Bearer ${token}` } }));
