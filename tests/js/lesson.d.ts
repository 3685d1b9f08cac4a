// The lesson's data, as `content.py` and `array_content.py` write it, and the rules that `javascript.py` writes. What
// a page of numbers or of arrays alone has stands in `numbers.d.ts` and `arrays.d.ts`.

/** A quantity: `v3` value and `g3` gradient of node 3, `l5.0` local and `d5.0` downstream of an edge, `s5.0` slopes. */
type Quantity = string;

interface LessonNode {
  name: string; label: string; kind: "input" | "parameter" | "constant" | "operation"; named: boolean; code: number;
  operands: number[]; varies: boolean; relevant: boolean; term: string; slope?: string; asked?: string;
  readings?: string[]; what?: string; rule?: string; formula?: string; numbered?: string; text?: string;
  piecewise?: boolean; branch?: string; labels?: boolean;
}

interface LessonEdge {
  source: number; target: number; slot: number; because: string; slope: string; forms: string[]; label: string;
  alone: boolean; asked: [string, string];
}

/** A matrix as a table of one of its node's quantities. */
interface Table {
  q: Quantity; label: string; head?: string; rows: number; columns: number; shape: number[];
  role: "value" | "gradient" | "local"; transposed: boolean; key: Quantity | null;
}

/** What a step over arrays finds: one product, sum or formula of tables. */
interface StepPart {
  q: Quantity; kind: string; head?: string; result?: Table; tables?: Table[]; target?: number; slot?: number;
  source?: number; several?: boolean; delta?: string; because?: string; numbered?: string; at?: number[];
}

interface Step {
  phase: "start" | "forward" | "seed" | "backward" | "accumulate"; node?: number; gates?: number[]; title: string;
  short?: string; speech: string; row?: string; band?: [number, number]; edges?: string[]; parts?: StepPart[]; [more: string]: any;
}

interface Pictures { spots?: Record<string, any>; box: number[]; title: string; marks: string[]; steps: number[][]; touch: [string, string, string][] }

interface Scale { name: "gates" | "neurons" | "layers"; steps: Step[]; pictures?: Pictures; phone?: Pictures; [more: string]: any }

/** A slip's number or array, its rank, and where its sentence and its place stand. */
type SlipRow = [any, number, any, number];

interface Practice {
  asked: any[] | null; slips: Record<Quantity, any[]>; sentences: string[]; places: string[]; texts?: Record<Quantity, string>;
  problem: string; many: boolean; [more: string]: any;
}

interface Lesson {
  id: string; lang: string; title: string; output: number; precision: number; program: string[]; notes: string[];
  nodes: LessonNode[]; edges: Record<string, LessonEdge>;
  since: Record<Quantity, number>; box?: number[]; rows?: [number, number][]; moves: number[];
  scales: Scale[]; opening: Scale["name"]; phone: Scale["name"]; words: Record<string, string>; practice?: Practice;
  listing?: { whole: string; blank: string } | null;
}

/** A rule of an operation: its value of its operands' values, and for each slot the slope, given the value and them. */
interface Rule { value(...operands: any[]): any; slopes: ((...numbers: any[]) => any)[] }

declare const RULES: Record<number, Rule> | null;
declare const FUNCTIONS: Record<string, any>;
