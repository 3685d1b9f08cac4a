// What the data of a lesson over single numbers have besides, as `content.py` writes them.

interface Lesson {
  leaves: Record<string, number>; texts: Record<Quantity, string>; parts: [string, number, number[]][];
  rooms: Record<Quantity, number>;
}
