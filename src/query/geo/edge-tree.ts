/**
 * A search tree over the edges of a chain of points: which of them can touch another edge.
 *
 * Edges that follow each other lie beside each other, so the tree is over stretches of the chain, each in a box.
 */
import { add, lengthOf, type Vector } from "./vector.ts";

export interface EdgeTree {
  /** Visits the indexes of the edges that may touch the edge from a to b, upwards, until `visit` says stop. */
  visit(a: Vector, b: Vector, visit: (index: number) => boolean): void;
}

/** Chains up to this long are visited whole. */
const shortChain = 16;
const edgesPerLeaf = 4;
/** Room for rounding, far above it. */
const slack = 1e-12;
const boxNumbers = 6;

/** @param points from each of which an edge leads to the next; of a closed chain, the first stands at the end again */
export function createEdgeTree(points: readonly Vector[]): EdgeTree {
  const edges = Math.max(0, points.length - 1);
  if (edges <= shortChain) return visitAll(edges);
  const leaves = Math.ceil(edges / edgesPerLeaf);
  let width = 1;
  while (width < leaves) width *= 2;
  // A heap: the children of a node are at twice its place, and one more.
  const boxes = new Float64Array(2 * width * boxNumbers).fill(Infinity);
  for (let node = 1; node < 2 * width; node += 1)
    boxes.fill(-Infinity, node * boxNumbers + 3, (node + 1) * boxNumbers);
  const scratch = new Float64Array(boxNumbers);
  for (let edge = 0; edge < edges; edge += 1) {
    boxOf(points[edge] as Vector, points[edge + 1] as Vector, scratch);
    grow(boxes, width + Math.floor(edge / edgesPerLeaf), scratch, 0);
  }
  for (let node = width - 1; node >= 1; node -= 1) {
    grow(boxes, node, boxes, 2 * node);
    grow(boxes, node, boxes, 2 * node + 1);
  }
  return {
    visit(a, b, visit) {
      const wanted = new Float64Array(boxNumbers);
      boxOf(a, b, wanted);
      const walk = (node: number): boolean => {
        if (!touches(boxes, node, wanted)) return true;
        if (node < width) return walk(2 * node) && walk(2 * node + 1);
        const first = (node - width) * edgesPerLeaf;
        const last = Math.min(first + edgesPerLeaf, edges);
        for (let edge = first; edge < last; edge += 1) if (!visit(edge)) return false;
        return true;
      };
      walk(1);
    },
  };
}

function visitAll(edges: number): EdgeTree {
  return {
    visit(_a, _b, visit) {
      for (let edge = 0; edge < edges; edge += 1) if (!visit(edge)) return;
    },
  };
}

/** The box of an arc: that of its ends, and room for how far it bulges out of the chord. */
function boxOf(a: Vector, b: Vector, box: Float64Array): void {
  const bulge = Math.max(0, 1 - lengthOf(add(a, b)) / 2) + slack;
  box[0] = Math.min(a.x, b.x) - bulge;
  box[1] = Math.min(a.y, b.y) - bulge;
  box[2] = Math.min(a.z, b.z) - bulge;
  box[3] = Math.max(a.x, b.x) + bulge;
  box[4] = Math.max(a.y, b.y) + bulge;
  box[5] = Math.max(a.z, b.z) + bulge;
}

function grow(boxes: Float64Array, node: number, from: Float64Array, fromNode: number): void {
  const [at, source] = [node * boxNumbers, fromNode * boxNumbers];
  for (let side = 0; side < 3; side += 1) {
    boxes[at + side] = Math.min(boxes[at + side] as number, from[source + side] as number);
    boxes[at + side + 3] = Math.max(
      boxes[at + side + 3] as number,
      from[source + side + 3] as number,
    );
  }
}

function touches(boxes: Float64Array, node: number, wanted: Float64Array): boolean {
  const at = node * boxNumbers;
  for (let side = 0; side < 3; side += 1) {
    if ((boxes[at + side] as number) > (wanted[side + 3] as number)) return false;
    if ((boxes[at + side + 3] as number) < (wanted[side] as number)) return false;
  }
  return true;
}
