package dev.rollcall.console;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes one script of modules that import each other, without comments and indentation: one file compresses far better than twenty, and is
 * one request. Understands what the modules of the console use: an import or an export begins its line, an import is one line, names are
 * not changed on the way, and no text in backticks spans lines. Used by one thread.
 */
final class ScriptBundle {
    private static final Pattern IMPORT = Pattern.compile("import \\{ (.+) } from '(.+)';");
    private static final Pattern EXPORT =
            Pattern.compile("export (?:async )?(?:function|const|class) (?:(\\w+)|\\{ ([^}]+) })");

    private final UnaryOperator<String> sources;
    private final Set<String> known = new LinkedHashSet<>();
    private final StringBuilder script = new StringBuilder();

    private ScriptBundle(UnaryOperator<String> sources) {
        this.sources = sources;
    }

    /** Returns the script of the module {@code entry} and all that it needs, each from {@code sources} by its path. */
    static String of(String entry, UnaryOperator<String> sources) {
        ScriptBundle bundle = new ScriptBundle(sources);
        bundle.add(entry);
        return bundle.script.toString();
    }

    private void add(String path) {
        if (!known.add(path)) {
            return;
        }
        List<String> body = new ArrayList<>();
        StringJoiner exports = new StringJoiner(", ");
        boolean isComment = false;
        for (String line : sources.apply(path).lines().map(String::strip).toList()) {
            Matcher imported = IMPORT.matcher(line);
            Matcher exported = EXPORT.matcher(line);
            isComment |= line.startsWith("/*");
            if (isComment) {
                isComment = !line.endsWith("*/");
            } else if (imported.matches()) {
                String needed = resolve(path, imported.group(2));
                add(needed);
                body.add("const { " + imported.group(1) + " } = " + nameOf(needed) + ';');
            } else if (exported.lookingAt()) {
                exports.add(exported.group(1) == null ? exported.group(2) : exported.group(1));
                body.add(line.substring("export ".length()));
            } else if (!line.isEmpty() && !line.startsWith("//")) {
                body.add(line);
            }
        }
        script.append("const ").append(nameOf(path)).append(" = (() => {\n");
        body.forEach(line -> script.append(line).append('\n'));
        script.append("return { ").append(exports).append(" };\n})();\n");
    }

    /** Returns the path that {@code relative} means in the module at {@code path}. */
    private static String resolve(String path, String relative) {
        String folder = path.substring(0, path.lastIndexOf('/') + 1);
        return relative.startsWith("../") ? relative.substring(3) : folder + relative.substring(2);
    }

    private static String nameOf(String path) {
        return '$' + path.replaceAll("\\W", "_");
    }
}
