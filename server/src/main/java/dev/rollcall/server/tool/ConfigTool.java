package dev.rollcall.server.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.server.config.ConfigOrigin;
import dev.rollcall.server.config.ConfigReader;
import dev.rollcall.server.config.DidYouMean;
import dev.rollcall.server.config.KeysetSetting;
import dev.rollcall.server.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.OptionSpec;

/** {@code config check}, {@code config print} and {@code config explain}. */
final class ConfigTool {
    private static final String DEFAULTS = "--defaults";
    private static final String ENV = "--env";
    private static final String EFFECTIVE = "--effective";

    private ConfigTool() {}

    static List<Command> commands() {
        List<OptionSpec> print = new ArrayList<>();
        print.add(Tools.option(DEFAULTS, null, "A file with every setting as it is when nothing is said."));
        print.add(Tools.option(ENV, null, "Every setting as a variable of the environment."));
        print.add(Tools.option(
                EFFECTIVE,
                null,
                "What a server started here with the same options would have, and where that comes from."));
        for (Setting setting : Setting.values()) {
            print.add(Tools.option(
                    setting.flag(), setting.valueName(), setting.meaning().replace("`", "")));
        }
        return List.of(
                new Command(
                        "check",
                        "Tells all that is wrong with a configuration file, each with its line. Ends with status 2 if"
                                + " anything is.",
                        List.of(),
                        List.of(Tools.word("FILE", "1", "The file.")),
                        ConfigTool::check),
                new Command("print", "Prints a configuration.", print, List.of(), ConfigTool::print),
                new Command(
                        "explain",
                        "Tells what a setting is for, and where it can be said.",
                        List.of(),
                        List.of(Tools.word("KEY", "1", "The setting, of the server or of a keyset's presence.")),
                        ConfigTool::explain));
    }

    private static int check(Command.Called called) throws IOException {
        String name = called.word();
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(Path.of(name));
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("FILE: " + name + " (expected: a file that can be read)", e);
        }
        List<String> problems = ConfigReader.check(name, bytes);
        Pattern place = Pattern.compile(Pattern.quote(name) + ":([0-9]+): (.*)", Pattern.DOTALL);
        for (String problem : problems) {
            if (!called.isJson()) {
                called.complain(problem);
                continue;
            }
            ObjectNode line = Command.Called.object().put("file", name);
            Matcher found = place.matcher(problem);
            if (found.matches()) {
                line.put("line", Integer.parseInt(found.group(1))).put("message", found.group(2));
            } else {
                line.put("message", problem);
            }
            called.print(line);
        }
        if (problems.isEmpty() && !called.isJson()) {
            called.print(name + ": a server would start with it");
        }
        return problems.isEmpty() ? Tools.OK : Tools.USAGE;
    }

    private static int print(Command.Called called) {
        if (called.has(ENV)) {
            for (Setting setting : Setting.values()) {
                if (called.isJson()) {
                    called.print(object(setting));
                } else {
                    called.print("# " + setting.meaning().replace("`", "") + '\n'
                            + (setting.defaultValue().isEmpty() ? "# " : "") + setting.variable() + '='
                            + setting.defaultValue());
                }
            }
            return Tools.OK;
        }
        if (called.has(EFFECTIVE)) {
            return effective(called);
        }
        if (!called.has(DEFAULTS)) {
            throw new IllegalArgumentException(
                    "config print: nothing to print (expected: " + DEFAULTS + ", " + ENV + " or " + EFFECTIVE + ")");
        }
        for (Setting setting : Setting.inFile()) {
            if (called.isJson()) {
                called.print(object(setting));
            } else {
                called.print("# " + setting.meaning().replace("`", "") + '\n'
                        + (setting.defaultValue().isEmpty() ? "# " : "") + setting.key() + ": "
                        + quoted(setting.defaultValue()));
            }
        }
        return Tools.OK;
    }

    private static String quoted(String value) {
        return value.matches("[A-Za-z0-9./_-]*") ? value : '"' + value + '"';
    }

    private static ObjectNode object(Setting setting) {
        return Command.Called.object()
                .put("key", setting.key())
                .put("flag", setting.flag())
                .put("variable", setting.variable())
                .put("default", setting.defaultValue())
                .put("meaning", setting.meaning().replace("`", ""));
    }

    private static int effective(Command.Called called) {
        Map<Setting, String> flags = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            String value = called.text(setting.flag());
            if (value != null) {
                flags.put(setting, value);
            }
        }
        // All that is wrong is told before anything is printed.
        var config = ConfigReader.read(flags, System.getenv());
        config.origin().settings().forEach((setting, found) -> {
            String from = from(found);
            if (called.isJson()) {
                called.print(Command.Called.object()
                        .put("key", setting.key())
                        .put("value", found.shown())
                        .put("from", from));
            } else if (!found.shown().isEmpty() || !from.equals("default")) {
                called.print(setting.key() + ": " + quoted(found.shown()) + "  # " + from);
            }
        });
        config.keysets().forEach(keyset -> {
            if (called.isJson()) {
                called.print(Command.Called.object()
                        .put("keyset", keyset.subscribeKey().value()));
            } else {
                called.print("# keyset " + keyset.subscribeKey().value());
            }
        });
        if (config.isDevelopment() && !called.isJson()) {
            called.print("# no keysets: any well-formed key works");
        }
        return Tools.OK;
    }

    /** Returns where a value comes from: {@code flag}, the name of a variable or a file, or {@code default}. */
    private static String from(ConfigOrigin.Found found) {
        return switch (found.from()) {
            case FLAG -> "flag";
            case DEFAULT -> "default";
            default -> found.place();
        };
    }

    private static int explain(Command.Called called) {
        String name = called.word().replaceFirst("^--", "");
        List<String> known = new ArrayList<>();
        boolean found = false;
        for (Setting setting : Setting.values()) {
            known.add(setting.key());
            if (setting.key().equals(name) || setting.variable().equals(name)) {
                found = true;
                explain(called, setting);
            }
        }
        for (KeysetSetting setting : KeysetSetting.values()) {
            known.add(setting.key());
            if (setting.key().equals(name)) {
                found = true;
                explain(called, setting);
            }
        }
        if (!found) {
            throw new IllegalArgumentException("setting: " + name + ": unknown" + DidYouMean.hint(name, known));
        }
        return Tools.OK;
    }

    private static void explain(Command.Called called, Setting setting) {
        if (called.isJson()) {
            called.print(object(setting));
            return;
        }
        called.print(setting.key() + ": " + setting.meaning().replace("`", ""));
        called.print("  default      " + (setting.defaultValue().isEmpty() ? "none" : setting.defaultValue()));
        if (setting != Setting.CONFIG) {
            called.print("  file         " + setting.key() + ": " + setting.valueName());
        }
        called.print("  flag         " + setting.flag() + ' ' + setting.valueName());
        called.print("  environment  " + setting.variable());
    }

    private static void explain(Command.Called called, KeysetSetting setting) {
        if (called.isJson()) {
            called.print(Command.Called.object()
                    .put("key", setting.key())
                    .put("default", setting.defaultValue())
                    .put("meaning", setting.meaning().replace("`", "")));
            return;
        }
        called.print(setting.key() + ": " + setting.meaning().replace("`", ""));
        called.print("  default      " + (setting.defaultValue().isEmpty() ? "none" : setting.defaultValue()));
        called.print("  file         " + setting.key() + ", below presence of a keyset");
    }
}
