/** The address of the page, where this is one. */
const page = (): { readonly href: string; readonly origin: string } | undefined =>
  (globalThis as { location?: { href: string; origin: string } }).location;

/** In ms. */
const LONGEST_PROBE = 3000;

export const isPage = (): boolean => page() !== undefined;

/** Whether this is a page of another origin, which needs CORS. */
export const isForeign = (url: string): boolean => isPage() && new URL(url, page()?.href).origin !== page()?.origin;

/** Whether a server answers at all. A browser does not tell a page if its request was refused or did not arrive. */
export async function answers(url: string): Promise<boolean> {
  try {
    const { origin } = new URL(url.replace(/^ws/, 'http'), page()?.href);
    await fetch(origin, { mode: 'no-cors', signal: AbortSignal.timeout?.(LONGEST_PROBE) ?? null });
    return true;
  } catch {
    return false;
  }
}
