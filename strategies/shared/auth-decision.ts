import { refused, type AuthDecision } from '../strategy.ts';
import { AuthError } from './errors.ts';

/** Runs `decide`; an AuthError becomes the refusal of its code, and anything else is thrown on. */
export async function decisionOf<State>(decide: () => Promise<AuthDecision<State>>): Promise<AuthDecision<State>> {
  try {
    return await decide();
  } catch (error) {
    if (error instanceof AuthError) return refused(error.code);
    throw error;
  }
}
