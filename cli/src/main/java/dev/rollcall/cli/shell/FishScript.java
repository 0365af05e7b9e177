package dev.rollcall.cli.shell;

import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completions for fish: a line for each command and each option. */
final class FishScript {
    private static final String LINE = "complete -c rollcall ";

    private final StringBuilder out = new StringBuilder();

    FishScript(CommandSpec rollcall) {
        out.append("# Completions of rollcall for fish.\n").append(LINE).append("-f\n");
        Map<String, CommandLine> verbs = rollcall.subcommands();
        verbs.forEach((name, verb) -> {
            command("__fish_use_subcommand", name, verb.getCommandSpec());
            Map<String, CommandLine> below = verb.getSubcommands();
            String here = "__fish_seen_subcommand_from " + name;
            if (below.isEmpty()) {
                options(here, verb.getCommandSpec());
                return;
            }
            String none = here + "; and not __fish_seen_subcommand_from " + String.join(" ", below.keySet());
            below.forEach((word, sub) -> {
                command(none, word, sub.getCommandSpec());
                options(here + "; and __fish_seen_subcommand_from " + word, sub.getCommandSpec());
            });
        });
    }

    private void command(String condition, String name, CommandSpec spec) {
        out.append(LINE).append("-n ").append(quoted(condition)).append(" -a ").append(quoted(name));
        description(spec.usageMessage().description());
    }

    private void options(String condition, CommandSpec spec) {
        for (OptionSpec option : spec.options()) {
            out.append(LINE).append("-n ").append(quoted(condition));
            for (String name : option.names()) {
                out.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^-{1,2}", ""));
            }
            if (option.arity().max() > 0) {
                out.append(option.type() == Path.class ? " -r -F" : " -x");
            }
            description(option.description());
        }
    }

    private void description(String[] lines) {
        if (lines.length > 0) {
            String text = lines[0].replace("%%", "%");
            int end = text.indexOf(". ");
            out.append(" -d ").append(quoted(end < 0 ? text : text.substring(0, end)));
        }
        out.append('\n');
    }

    private static String quoted(String text) {
        return '\'' + text.replace("\\", "\\\\").replace("'", "\\'") + '\'';
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
