package dev.rollcall.server.route;

import java.util.List;

/**
 * The segments of a request path, still encoded: each is decoded once, when it is asked for. Trailing slashes mean nothing; empty
 * segments elsewhere count, for an empty list of channels is one.
 */
final class Path {
    /** No path of the protocol has more segments; what follows belongs to a payload with bare slashes. */
    private static final int SEGMENTS = 10;

    private final String raw;
    private final int[] starts = new int[SEGMENTS + 1];
    private int size;

    private Path(String raw) {
        this.raw = raw;
    }

    /** Takes apart a raw path. */
    static Path of(String raw) {
        Path path = new Path(raw);
        int length = raw.length();
        while (length > 0 && raw.charAt(length - 1) == '/') {
            length--;
        }
        int start = raw.startsWith("/") ? 1 : 0;
        while (start <= length && path.size < SEGMENTS) {
            path.starts[path.size++] = start;
            int slash = raw.indexOf('/', start);
            start = slash < 0 || slash >= length ? length + 1 : slash + 1;
        }
        path.starts[path.size] = start;
        return path;
    }

    /** Returns the number of segments, at most {@value #SEGMENTS}. */
    int size() {
        return size;
    }

    /** Returns whether the segment is there and is literally {@code word}. */
    boolean is(int index, String word) {
        if (index >= size) {
            return false;
        }
        int start = starts[index];
        int length = end(index) - start;
        return length == word.length() && raw.startsWith(word, start);
    }

    /** Returns the decoded segment, empty if there is none. */
    String segment(int index) {
        return index < size ? Percent.decode(raw, starts[index], end(index), false) : "";
    }

    /** Returns the decoded names of a segment that is a list. */
    List<String> names(int index) {
        return index < size ? Names.split(raw, starts[index], end(index), false) : List.of();
    }

    /** Returns whether the segment is a list of more than one place, were some of them empty. */
    boolean hasSeparator(int index) {
        return index < size && Names.hasSeparator(raw, starts[index], end(index));
    }

    /** Returns everything from a segment to the end of the path, decoded. */
    String rest(int index) {
        return index < size ? Percent.decode(raw, starts[index], raw.length(), false) : "";
    }

    private int end(int index) {
        return starts[index + 1] - 1;
    }
}
