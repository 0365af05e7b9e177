package dev.rollcall.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where results go: text for people, or a JSON object a line. Whole lines only, from any thread. */
public final class Output {
    /** Made when a time is shown. */
    private static final class Clock {
        static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    }

    /** Made when a line of JSON is written. */
    private static final class Mapper {
        static final JsonMapper JSON = JsonMapper.builder().build();
    }

    private final PrintStream out;
    private final PrintStream err;
    private final boolean json;
    private final boolean quiet;
    private final @Nullable Supplier<ZoneId> zone;
    private final boolean colours;

    /**
     * Makes one.
     *
     * @param out for results
     * @param err for everything else
     * @param json whether results are JSON
     * @param quiet whether results are all there is
     * @param zone where times are shown by the clock on the wall, or null for ISO 8601 in UTC
     * @param colours whether there are colours
     */
    public Output(
            PrintStream out,
            PrintStream err,
            boolean json,
            boolean quiet,
            @Nullable Supplier<ZoneId> zone,
            boolean colours) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.quiet = quiet;
        this.zone = zone;
        this.colours = colours;
    }

    /** Returns whether results are JSON. */
    public boolean isJson() {
        return json;
    }

    /** Returns whether a person reads it. */
    public boolean isForPeople() {
        return zone != null;
    }

    /** Returns an object to fill. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Prints an object on a line of its own. */
    public void json(JsonNode object) {
        String text;
        try {
            text = Mapper.JSON.writeValueAsString(object);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("a tree that cannot be written", e);
        }
        print(Escape.json(text));
    }

    /** Prints a line. What is in it of others must have gone through {@link Escape}. */
    public void line(String text) {
        print(text);
    }

    private synchronized void print(String text) {
        out.print(text + '\n');
        if (out.checkError()) {
            IOException problem = out instanceof ResultStream results ? results.problem() : null;
            if (problem == null || ResultStream.isBrokenPipe(problem)) {
                throw new BrokenPipe();
            }
            throw new Unwritten(problem);
        }
    }

    /** Prints a remark, which is no result, unless all is to be quiet. */
    public void note(String text) {
        if (!quiet) {
            complain(text);
        }
    }

    /** Prints what is wrong. */
    public synchronized void complain(String text) {
        err.print("rollcall: " + text + '\n');
        err.flush();
    }

    /** Returns a text of others in a colour. */
    public String show(Colour colour, String text) {
        return paint(colour, Escape.of(text));
    }

    /** Returns our own text in a colour. */
    public String paint(Colour colour, String text) {
        return colours ? colour.paint(text) : text;
    }

    /** Returns JSON in one line, in which no control characters are in effect. */
    public static String compact(JsonNode value) {
        return Escape.of(value.toString());
    }

    /** Returns a time: of day for people, else ISO 8601 in UTC. */
    public String time(Instant moment) {
        return zone == null
                ? moment.truncatedTo(ChronoUnit.SECONDS).toString()
                : Clock.FORMAT.format(moment.atZone(zone.get()));
    }

    /** Prints rows in columns two blanks apart, as wide as the widest entry; the first row is the head. */
    public void table(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        List<List<String>> shown =
                rows.stream().map(row -> row.stream().map(Escape::of).toList()).toList();
        for (List<String> row : shown) {
            for (int i = 0; i < row.size(); i++) {
                int width = width(row.get(i));
                if (i == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(i, Math.max(widths.get(i), width));
                }
            }
        }
        boolean head = true;
        for (List<String> row : shown) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                String cell = row.get(i);
                line.append(cell);
                if (i < row.size() - 1) {
                    line.append(" ".repeat(widths.get(i) - width(cell) + 2));
                }
            }
            print(paint(head ? Colour.DIM : Colour.PLAIN, line.toString().stripTrailing()));
            head = false;
        }
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
