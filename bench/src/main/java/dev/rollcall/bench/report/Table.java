package dev.rollcall.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table of text: a title, columns, rows. The first column is flush left, the others flush right. */
public final class Table {
    private static final String GAP = "   ";

    private final String title;
    private final List<String> columns;
    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** Makes a table without rows. */
    public Table(String title, String... columns) {
        this.title = title;
        this.columns = List.of(columns);
    }

    /** Adds a row. */
    public Table row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException("cells: " + cells.length + " (expected: " + columns.size() + ")");
        }
        rows.add(List.of(cells));
        return this;
    }

    /** Adds a line below the table. */
    public Table note(String line) {
        notes.add(line);
        return this;
    }

    /** Returns the table as lines. */
    public String text() {
        int[] widths = new int[columns.size()];
        measure(widths, columns);
        rows.forEach(row -> measure(widths, row));
        StringBuilder out = new StringBuilder(title).append('\n');
        line(out, widths, columns);
        out.append("-".repeat(Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1)))
                .append('\n');
        rows.forEach(row -> line(out, widths, row));
        notes.forEach(note -> out.append(note).append('\n'));
        return out.toString();
    }

    private static void measure(int[] widths, List<String> cells) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], width(cells.get(i)));
        }
    }

    private static void line(StringBuilder out, int[] widths, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            String padding = " ".repeat(widths[i] - width(cell));
            if (i > 0) {
                line.append(GAP);
            }
            line.append(i == 0 ? cell + padding : padding + cell);
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
