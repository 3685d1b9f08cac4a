// What our own pages hold: their elements are HTML's or SVG's, and of either only what both have is asked for.

interface Found extends HTMLInputElement { rows?: number; contentWindow?: Window; alt: string; hash?: string }
interface ParentNode {
  querySelector(selectors: string): Found | null;
  querySelectorAll(selectors: string): NodeListOf<Found>;
}
// Not null: what our scripts ask for by a written id stands in our templates; a test reads both.
interface Document { getElementById(id: string): Found }
interface Node { cloneNode(deep?: boolean): HTMLElement }
interface Element { closest(selectors: string): HTMLElement | null }

/** Set once by `growing.js`, so that a notebook of many frames listens once. */
interface Window { backpropFrames?: boolean }
