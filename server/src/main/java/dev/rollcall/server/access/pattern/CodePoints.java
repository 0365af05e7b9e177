package dev.rollcall.server.access.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** A set of Unicode code points: ranges that are sorted and do not touch. Immutable. */
final class CodePoints {
    static final CodePoints ALL = new CodePoints(new int[] {0, Character.MAX_CODE_POINT});

    // first, last, first, last, …
    private final int[] bounds;

    private CodePoints(int[] bounds) {
        this.bounds = bounds;
    }

    static CodePoints of(int codePoint) {
        return range(codePoint, codePoint);
    }

    static CodePoints range(int first, int last) {
        return new CodePoints(new int[] {first, last});
    }

    /** Returns the set of these characters, given as pairs of the first and last one of a range. */
    static CodePoints ranges(String pairs) {
        List<CodePoints> parts = new ArrayList<>();
        for (int i = 0; i < pairs.length(); i += 2) {
            parts.add(range(pairs.charAt(i), pairs.charAt(i + 1)));
        }
        return union(parts);
    }

    static CodePoints union(List<CodePoints> parts) {
        List<int[]> ranges = new ArrayList<>();
        for (CodePoints part : parts) {
            for (int i = 0; i < part.bounds.length; i += 2) {
                ranges.add(new int[] {part.bounds[i], part.bounds[i + 1]});
            }
        }
        ranges.sort(Comparator.comparingInt(range -> range[0]));
        int[] merged = new int[ranges.size() * 2];
        int size = 0;
        for (int[] range : ranges) {
            if (size > 0 && range[0] <= merged[size - 1] + 1) {
                merged[size - 1] = Math.max(merged[size - 1], range[1]);
            } else {
                merged[size++] = range[0];
                merged[size++] = range[1];
            }
        }
        return new CodePoints(Arrays.copyOf(merged, size));
    }

    /** Returns all code points that are not in this set. */
    CodePoints complement() {
        int[] others = new int[bounds.length + 2];
        int size = 0;
        int next = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            if (bounds[i] > next) {
                others[size++] = next;
                others[size++] = bounds[i] - 1;
            }
            next = bounds[i + 1] + 1;
        }
        if (next <= Character.MAX_CODE_POINT) {
            others[size++] = next;
            others[size++] = Character.MAX_CODE_POINT;
        }
        return new CodePoints(Arrays.copyOf(others, size));
    }

    /** Returns whether there is one code point in this set, and no more. */
    boolean isOne() {
        return bounds.length == 2 && bounds[0] == bounds[1];
    }

    /** Returns the smallest code point. The set must not be empty. */
    int first() {
        return bounds[0];
    }

    boolean contains(int codePoint) {
        for (int i = 0; i < bounds.length; i += 2) {
            if (codePoint <= bounds[i + 1]) {
                return codePoint >= bounds[i];
            }
        }
        return false;
    }

    /** Returns where membership changes: the first code points of the ranges and those after them. */
    int[] edges() {
        int[] edges = bounds.clone();
        for (int i = 1; i < edges.length; i += 2) {
            edges[i]++;
        }
        return edges;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodePoints that && Arrays.equals(bounds, that.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }
}
