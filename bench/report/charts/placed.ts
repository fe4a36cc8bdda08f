/** The middle of a short label. */
export interface Box {
  readonly x: number;
  readonly y: number;
}

interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const WIDTH = 17;
const HEIGHT = 13;
const MARK = 12;
const DIRECTIONS = 16;

/** Where the labels of points go, so that none covers another, a point or an obstacle: as near to its own as there is room. */
export function placed(
  points: readonly Box[],
  { left, right, top, bottom }: Bounds,
  obstacles: readonly Box[] = [],
): Box[] {
  const labels: Box[] = [];
  for (const point of points) {
    const spots = [14, 22, 32, 44, 58, 74, 92, 112].flatMap((distance) =>
      Array.from({ length: DIRECTIONS }, (_, step) => {
        const angle = -Math.PI / 2 + (2 * Math.PI * step) / DIRECTIONS;
        return { x: point.x + distance * Math.cos(angle), y: point.y + distance * Math.sin(angle) };
      }),
    );
    const free = spots.find(
      (spot) =>
        spot.x - WIDTH / 2 >= left &&
        spot.x + WIDTH / 2 <= right &&
        spot.y - HEIGHT / 2 >= top &&
        spot.y + HEIGHT / 2 <= bottom &&
        labels.every((label) => !meet(label, spot, WIDTH, HEIGHT)) &&
        [...points, ...obstacles].every((other) => !meet(other, spot, (WIDTH + MARK) / 2, (HEIGHT + MARK) / 2)),
    );
    labels.push(free ?? spots[0]!);
  }
  return labels;
}

const meet = (a: Box, b: Box, width: number, height: number): boolean =>
  Math.abs(a.x - b.x) < width && Math.abs(a.y - b.y) < height;
