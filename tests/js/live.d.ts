// What the server of the live page answers, and what the page sends, as `serve/reading.py` and its neighbours write it.

interface FaultFound { message: string; hint?: string; caret?: string; field?: string }

interface FieldFound { name: string; label: string; value: string; drawn?: boolean; gradient?: string }

interface PictureFound {
  svg: string; output: string; result: string; scale: string; scales: string[]; notes: string[]; reading: string[];
  fields: FieldFound[]; [more: string]: any;
}

/** A field of the page: its elements, the gradient below it, and whether its number was drawn. */
interface FieldRow {
  element: HTMLElement; input: Found; label: HTMLElement; slope: HTMLElement; faults: HTMLElement; gradient?: string;
  drawn: boolean;
}

interface CellAsked { quantity: string; label: string; want: string; points: number }
interface ProblemAsked { id: string; title: string; lines: string[]; at: string; svg: string; cells: CellAsked[] }
interface CellCounted { problem: string; quantity: string; tried: number; right: number; slips: { count: number; said: string }[] }
