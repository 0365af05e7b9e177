package dev.rollcall.cli.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.cli.base.Failure;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Syntax;
import dev.rollcall.cli.base.Targeting;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Contexts;
import dev.rollcall.cli.context.Contexts.Kept;
import dev.rollcall.cli.output.Escape;
import dev.rollcall.cli.output.Output;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code context}: names for servers. */
final class ContextVerb {
    private ContextVerb() {}

    static Verb verb() {
        return Verb.noun(
                "context",
                "Names servers, and what it takes to ask them.",
                Verb.of(
                        "add",
                        "Adds a context, or changes one. The first is in use at once.",
                        Verb.Scope.LOCAL,
                        ContextVerb::settings,
                        ContextVerb::add),
                Verb.of(
                        "use",
                        "Puts a context in use for what is not said otherwise.",
                        Verb.Scope.LOCAL,
                        syntax -> syntax.word("NAME", "The context."),
                        ContextVerb::use),
                Verb.of(
                        "list",
                        "Shows the contexts. Ends with status 3 if there is none.",
                        Verb.Scope.LOCAL,
                        syntax -> {},
                        ContextVerb::list),
                Verb.of(
                        "remove",
                        "Removes a context.",
                        Verb.Scope.LOCAL,
                        syntax -> syntax.word("NAME", "The context."),
                        ContextVerb::remove));
    }

    private static void settings(Syntax syntax) {
        syntax.option("--url", "URL", "Where the server is.")
                .option("--key", "KEY", "The subscribe key.")
                .option("--publish-key", "KEY", "The publish key.")
                .option("--secret-key-file", "FILE", "Where the secret key is.")
                .option("--auth", "TOKEN", "An access token; ps shows it, unlike --auth-file.")
                .option("--auth-file", "FILE", "Where an access token is.")
                .option("--admin-url", "URL", "Where the admin port is.")
                .option("--admin-token-file", "FILE", "Where the token for the admin port is.")
                .word("NAME", "The context.");
    }

    private static int add(Invocation call) {
        Contexts contexts = Contexts.of(call.around().variables());
        Kept kept = contexts.read();
        String name = Contexts.named(call.word(0));
        Map<String, String> settings = new LinkedHashMap<>(kept.all().getOrDefault(name, Map.of()));
        if (call.has(Targeting.AUTH) && call.has(Targeting.AUTH_FILE)) {
            throw Failure.usage(Targeting.AUTH_FILE + ": beside " + Targeting.AUTH + " (expected: one of the two)");
        }
        if (call.has(Targeting.AUTH) || call.has(Targeting.AUTH_FILE)) {
            // The one goes before the other, and what was said last counts.
            settings.keySet().removeAll(List.of("auth", "auth-file"));
        }
        for (String setting : Contexts.SETTINGS) {
            String value = call.text("--" + setting);
            if (value != null) {
                if (setting.endsWith("-file") && value.equals(Targeting.PIPED)) {
                    throw Failure.expected("--" + setting, value, "a file, to be read whenever the context is used");
                }
                // A file is found from wherever the command runs.
                settings.put(
                        setting,
                        setting.endsWith("-file")
                                ? Path.of(value).toAbsolutePath().toString()
                                : value);
            }
        }
        if (settings.isEmpty()) {
            throw Failure.usage("nothing said of " + name + " (expected: --url URL, or another option)");
        }
        kept.all().put(name, settings);
        contexts.write(new Kept(kept.current() == null ? name : kept.current(), kept.all()));
        call.output().note(name + " is in " + Escape.of(contexts.file().toString()));
        return Status.OK;
    }

    private static int use(Invocation call) {
        Contexts contexts = Contexts.of(call.around().variables());
        Kept kept = contexts.read();
        String name = known(call, kept);
        contexts.write(new Kept(name, kept.all()));
        call.output().note(Escape.of(name) + " is in use");
        return Status.OK;
    }

    private static String known(Invocation call, Kept kept) {
        String name = call.word(0);
        if (!kept.all().containsKey(name)) {
            throw Contexts.unknown(name, kept.all());
        }
        return name;
    }

    private static int list(Invocation call) {
        Output output = call.output();
        Kept kept = Contexts.of(call.around().variables()).read();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "NAME", "URL", "KEY", "ADMIN URL"));
        kept.all().forEach((name, settings) -> {
            boolean inUse = name.equals(kept.current());
            if (output.isJson()) {
                ObjectNode line = Output.object().put("name", name).put("current", inUse);
                settings.forEach((setting, value) -> line.put(setting, setting.equals("auth") ? "set" : value));
                output.json(line);
            } else {
                rows.add(List.of(
                        inUse ? "*" : "",
                        name,
                        settings.getOrDefault("url", ""),
                        settings.getOrDefault("key", ""),
                        settings.getOrDefault("admin-url", "")));
            }
        });
        if (rows.size() > 1) {
            output.table(rows);
        } else if (kept.all().isEmpty()) {
            output.note("no context yet: rollcall context add NAME --url URL adds one");
        }
        return kept.all().isEmpty() ? Status.NO : Status.OK;
    }

    private static int remove(Invocation call) {
        Contexts contexts = Contexts.of(call.around().variables());
        Kept kept = contexts.read();
        String name = known(call, kept);
        kept.all().remove(name);
        contexts.write(new Kept(name.equals(kept.current()) ? null : kept.current(), kept.all()));
        call.output().note(Escape.of(name) + " is removed");
        return Status.OK;
    }
}
