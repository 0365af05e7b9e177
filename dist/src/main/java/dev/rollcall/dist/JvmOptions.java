package dev.rollcall.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file of options that all launchers share: lines {@code FROM-:OPTION}, for a Java of version {@code FROM} and later. */
record JvmOptions(List<Line> lines) {
    private static final Pattern LINE = Pattern.compile("([1-9][0-9]*)-:(-\\S+)");

    record Line(int from, String option) {}

    JvmOptions {
        lines = List.copyOf(lines);
    }

    static JvmOptions read(Path file) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(file + ": " + line + " (expected: FROM-:OPTION, as in 17-:-Xmx1g)");
            }
            lines.add(new Line(Integer.parseInt(matcher.group(1)), matcher.group(2)));
        }
        return new JvmOptions(lines);
    }

    List<String> of(int version) {
        return lines.stream()
                .filter(line -> version >= line.from)
                .map(Line::option)
                .toList();
    }
}
