import { refused, type Verdict } from '../strategy.ts';
import { AuthError } from './errors.ts';

/** Runs `decide`; an AuthError becomes the refusal of its code, and anything else is thrown on. */
export async function verdictOf<State>(decide: () => Promise<Verdict<State>>): Promise<Verdict<State>> {
  try {
    return await decide();
  } catch (error) {
    if (error instanceof AuthError) return refused(error.code);
    throw error;
  }
}
