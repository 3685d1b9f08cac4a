// What the data of a lesson over vectors and matrices have besides, as `array_content.py` writes them.

interface Lesson {
  figures: number; numbers: Record<Quantity, number[]>; alike: Record<string, number>; repeats: Record<number, number>;
  whole: boolean;
}

interface LessonNode { shape: number[]; size: number }
